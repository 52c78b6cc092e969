#include "harness/runner/lanes/litmus.h"

#include <algorithm>
#include <atomic>
#include <sched.h>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "harness/model/mixing.h"
#include "harness/runner/memory.h"
#include "harness/runner/placement.h"
#include "harness/runner/usage.h"
#include "harness/runner/worker.h"

namespace chicane {
namespace {

// Some 100 µs of work: meetings cost next to nothing beside it, and the states stay in the second-level cache.
constexpr std::size_t states_in_stride = 4096;
// Which actor is ahead decides what can be seen; so the start of each stride is off by up to this many pauses.
constexpr std::uint64_t most_skew = 256;

void pause_a_little() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

// Opens when all have come; the last one may do something first, while the others wait.
class Meeting {
 public:
  Meeting(std::uint32_t members, bool own_cpu_each) : members_(members), spins_(own_cpu_each ? 10'000 : 0) {}
  template <typename Last>
  void wait(Last last) {
    const auto generation = generation_.load(std::memory_order_acquire);
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == members_) {
      last();
      arrived_.store(0, std::memory_order_relaxed);
      generation_.store(generation + 1, std::memory_order_release);
      return;
    }
    for (std::uint32_t spin = 0; generation_.load(std::memory_order_acquire) == generation; ++spin)
      if (spin < spins_)
        pause_a_little();
      else
        sched_yield();  // a peer shares this CPU, or was preempted
  }

 private:
  std::uint32_t members_;
  std::uint32_t spins_;
  alignas(64) std::atomic<std::uint32_t> arrived_{0};
  alignas(64) std::atomic<std::uint32_t> generation_{0};
};

struct Actor {
  chicane_stride table{};
  WorkerOutcome outcome;
  std::vector<std::pair<std::string, std::uint64_t>> seen;  // few, so looked through
  Ledger* ledger = nullptr;
};

void add(chicane_stride* stride, const char* outcome, std::uint64_t count) {
  auto& seen = static_cast<Actor*>(stride->host)->seen;
  const std::string_view text = outcome == nullptr ? "" : outcome;
  const auto known = std::ranges::find(seen, text, &std::pair<std::string, std::uint64_t>::first);
  if (known == seen.end())
    seen.emplace_back(text, count);
  else
    known->second += count;
}

void fail(chicane_stride* stride, const char* kind, const char* name, const char* message) {
  auto& actor = *static_cast<Actor*>(stride->host);
  actor.ledger->fail(kind == nullptr ? "" : kind, name == nullptr ? "" : name, message == nullptr ? "" : message);
}

class Race {
 public:
  Race(Stage& stage, const TrialRequest& request, Memory states, std::size_t step, bool own_cpu_each)
      : stage_(stage),
        litmus_(stage.scenario().litmus),
        actors_(stage.workers()),
        meeting_(stage.workers(), own_cpu_each),
        states_(std::move(states)),
        step_(step),
        seed_(request.seed),
        turns_wanted_(request.turns),
        deadline_ns_(now_ns() + static_cast<std::int64_t>(request.budget_ns)) {
    for (std::uint32_t i = 0; i < actors_.size(); ++i) {
      actors_[i].ledger = &stage.ledger();
      actors_[i].table = {sizeof(chicane_stride), i, &actors_[i], add, fail};
    }
  }

  void run() {
    if (litmus_.table.construct(states_.data(), step_, states_in_stride, &actors_[0].table) != 0) return;
    std::vector<std::jthread> threads;
    std::atomic<int> go{0};  // 1: all are here; -1: one could not be started, so that no race is to be had
    for (std::uint32_t i = 0; i < actors_.size() && go == 0; ++i) {
      try {
        threads.emplace_back([this, &go, i] {
          go.wait(0);
          if (go == 1) work(i);
        });
      } catch (const std::system_error& error) {
        Finding finding;
        finding.kind = FindingKind::limit_exceeded;
        finding.name = "threads";
        finding.evidence.message =
            fmt::format("actor thread {} of {} could not be started: {}", i, actors_.size(), error.what());
        finding.evidence.limit = "processes";
        stage_.ledger().add(std::move(finding));
        go = -1;
      }
    }
    if (go == 0) go = 1;
    go.notify_all();
    threads.clear();  // joins
    litmus_.table.destroy(states_.data(), step_, states_in_stride);
  }

  std::vector<WorkerOutcome> outcomes() const {
    std::vector<WorkerOutcome> all;
    for (const auto& actor : actors_) all.push_back(actor.outcome);
    return all;
  }
  std::map<std::string, std::uint64_t> seen() const {
    std::map<std::string, std::uint64_t> all;
    for (const auto& actor : actors_)
      for (const auto& [outcome, count] : actor.seen) all[outcome] += count;
    return all;
  }

 private:
  void work(std::uint32_t index) {
    const Pinned pinned(stage_.places()[index]);
    auto& own = actors_[index];
    own.outcome.first_cpu = sched_getcpu();
    own.outcome.first_migrations = migrations();
    own.outcome.begin_ns = now_ns();
    own.outcome.began = true;
    const auto part = states_in_stride / actors_.size();
    const auto first = part * index;
    const auto count = index + 1 == actors_.size() ? states_in_stride - first : part;
    auto* const own_part = static_cast<char*>(states_.data()) + step_ * first;
    for (std::uint64_t round = 0;; ++round) {
      meeting_.wait([this, round] {
        const bool enough = turns_wanted_ != 0 ? round * states_in_stride >= turns_wanted_ : now_ns() >= deadline_ns_;
        if (enough || failed_) over_ = true;
      });
      if (over_) break;
      // Half of all strides start together, in the others the actors are apart by chance.
      const auto chance = mixed_seed(seed_ ^ (std::uint64_t{index} << 56), round);
      if (mixed_seed(seed_, round) & 1)
        for (auto pauses = chance % most_skew; pauses != 0; --pauses) pause_a_little();
      if (litmus_.actors[index].run(states_.data(), step_, states_in_stride, &own.table) != 0)
        failed_ = own.outcome.failed = true;
      meeting_.wait([] {});
      if (failed_) continue;  // half a stride has no outcomes
      own.outcome.turns_done += states_in_stride;
      if (litmus_.table.collect(own_part, step_, count, &own.table) != 0) failed_ = own.outcome.failed = true;
    }
    own.outcome.end_ns = now_ns();
    own.outcome.last_cpu = sched_getcpu();
    own.outcome.last_migrations = migrations();
    own.outcome.returned = true;
  }

  Stage& stage_;
  const RunnableLitmus& litmus_;
  std::vector<Actor> actors_;
  Meeting meeting_;
  Memory states_;
  std::size_t step_;
  std::uint64_t seed_, turns_wanted_;
  std::int64_t deadline_ns_;
  std::atomic<bool> failed_{false};
  bool over_ = false;  // written by the last one in a meeting, read after it
};

void report(const Scenario& scenario, const std::vector<OutcomeCount>& outcomes, Ledger& ledger) {
  for (const auto& [outcome, grade, count] : outcomes) {
    if (count == 0 || grade == Grade::acceptable || grade == Grade::interesting) continue;
    Finding finding;
    finding.kind = FindingKind::forbidden_outcome;
    finding.name = outcome;
    finding.evidence.message = fmt::format("outcome {} is not declared", outcome);
    for (const auto& declared : scenario.outcomes)
      if (declared.outcome == outcome)
        finding.evidence.message = fmt::format("outcome {} is forbidden: {}", outcome, declared.reason);
    ledger.add(std::move(finding), count);
  }
}

}  // namespace

std::vector<OutcomeCount> histogram(const Scenario& scenario, const std::map<std::string, std::uint64_t>& seen) {
  std::vector<OutcomeCount> all;
  for (const auto& declared : scenario.outcomes) {
    const auto at = seen.find(declared.outcome);
    all.push_back({declared.outcome, declared.grade, at == seen.end() ? 0 : at->second});
  }
  for (const auto& [outcome, count] : seen)
    if (std::ranges::find(scenario.outcomes, outcome, &DeclaredOutcome::outcome) == scenario.outcomes.end())
      all.push_back({outcome, Grade::undeclared, count});
  return all;
}

void run_litmus(Stage& stage, const TrialRequest& request, Trial& trial) {
  const auto& table = stage.scenario().table;
  const auto step = (table.state_size + table.state_align - 1) / table.state_align * table.state_align;
  auto memory = Memory::map(step * states_in_stride, table.state_align, false);
  if (!memory) {
    stage.ledger().fail("limit_exceeded", "memory", memory.error().message);
    return;
  }
  const auto cpus = request.cpus.empty() ? allowed_cpus() : request.cpus;
  const bool own_cpu_each = request.placement != Placement::same && stage.workers() <= cpus.size();
  Race race(stage, request, std::move(*memory), step, own_cpu_each);
  race.run();
  const auto outcomes = race.outcomes();
  trial.turns = outcomes.front().turns_done;
  trial.outcomes = histogram(stage.scenario().scenario, race.seen());
  trial.workers = worker_records(stage, outcomes);
  const auto region_ns = static_cast<double>(timed_region(outcomes).length_ns());
  trial.measures["operations"] = static_cast<double>(trial.turns * stage.workers());
  trial.measures["region_ns"] = region_ns;
  if (region_ns > 0) trial.measures["turns_per_second"] = static_cast<double>(trial.turns) / region_ns * 1e9;
  report(stage.scenario().scenario, trial.outcomes, stage.ledger());
}

}  // namespace chicane
