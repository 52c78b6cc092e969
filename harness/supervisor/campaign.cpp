#include "harness/supervisor/campaign.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <tuple>
#include <vector>

#include "harness/supervisor/record.h"

namespace chicane {
namespace {

// A scenario that hangs or can't be started will do so again; what it showed is on record.
constexpr std::uint32_t futile_trials = 2;

// A calibration has no round of its own; its seeds must differ from those of the rounds.
constexpr std::uint32_t calibration_attempts = 3;
constexpr std::uint64_t calibration_repetition = 0xffff'ffff;

bool is_futile(TrialStatus status) { return status == TrialStatus::timed_out || status == TrialStatus::not_run; }

// Timed, each trial alone on the host.
bool is_timed(Lane lane) { return lane == Lane::bench; }
// Its workers race on CPUs of their own: a trial beside it would take them away.
bool needs_all_cores(Lane lane) { return lane == Lane::stress; }

// What a resumed run has behind it.
class Past {
 public:
  struct Ended {
    TrialStatus status;
    std::uint64_t turns;
    std::chrono::nanoseconds duration;
  };
  explicit Past(const Run& run) {
    for (const auto& trial : run.trials)
      trials_[{trial.plan, trial.round, trial.calibration}] = {trial.status, trial.turns,
                                                               std::chrono::nanoseconds(trial.duration_ns)};
  }
  const Ended* find(const Plan& plan, std::uint32_t round, bool calibration = false) const {
    const auto found = trials_.find({plan.id, round, calibration});
    return found == trials_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::tuple<std::string, std::uint32_t, bool>, Ended> trials_;
};

class BenchRounds {
 public:
  BenchRounds(TrialRunner& runner, Record& record, const Past& past, std::uint64_t seed, const std::atomic<bool>& stop)
      : runner_(runner), record_(record), past_(past), seed_(seed), stop_(stop) {}

  void run(std::vector<const Plan*> plans) {
    std::vector<Timed> timed;
    for (const auto* plan : plans) {
      if (stop_) return;
      if (const auto turns = calibrate(*plan); turns != 0)
        timed.push_back({plan, turns});
      else
        record_.forget(Lane::bench, plan->repetitions);
    }
    std::mt19937_64 random(seed_);
    std::uint32_t rounds = 0;
    for (const auto& one : timed) rounds = std::max(rounds, one.plan->repetitions);
    for (std::uint32_t round = 0; round < rounds; ++round) {
      std::shuffle(timed.begin(), timed.end(), random);
      for (auto& one : timed) {
        if (stop_) return;
        if (round >= one.plan->repetitions || one.futile >= futile_trials) continue;
        if (const auto* past = past_.find(*one.plan, round)) {
          if (is_futile(past->status)) give_up_when_futile(one, round);
          continue;
        }
        auto request = one.plan->request;
        request.turns = one.turns;
        request.seed = trial_seed(seed_, one.plan->request, round);
        auto outcome = runner_.run(request, one.plan->runner, stop_);
        if (is_futile(outcome.trial.status)) give_up_when_futile(one, round);
        record_.add(*one.plan, round, std::move(outcome));
      }
    }
  }

 private:
  struct Timed {
    const Plan* plan;
    std::uint64_t turns;
    std::uint32_t futile = 0;
  };

  void give_up_when_futile(Timed& timed, std::uint32_t round) {
    if (++timed.futile == futile_trials) record_.forget(Lane::bench, timed.plan->repetitions - round - 1);
  }

  // How many turns fill the slice; 0 when no attempt completed. One bad attempt (a hang that the scenario may show)
  // must not cost all rounds. Known in a resumed run: rounds before and after must do the same work.
  std::uint64_t calibrate(const Plan& plan) {
    for (std::uint32_t attempt = 0; attempt < calibration_attempts && !stop_; ++attempt) {
      const auto* past = past_.find(plan, attempt, true);
      const auto ended = past != nullptr ? *past : calibration_trial(plan, attempt);
      if (ended.status == TrialStatus::completed && ended.turns != 0) return ended.turns;
      if (ended.status == TrialStatus::not_run) return 0;
    }
    return 0;
  }

  Past::Ended calibration_trial(const Plan& plan, std::uint32_t attempt) {
    if (attempt > 0) record_.expect(Lane::bench, 1, 1);
    auto request = plan.request;
    request.turns = 0;
    request.seed = trial_seed(seed_, request, calibration_repetition - attempt);
    auto outcome = runner_.run(request, plan.runner, stop_);
    outcome.trial.calibration = true;
    const Past::Ended ended{outcome.trial.status, outcome.trial.turns, {}};
    record_.add(plan, attempt, std::move(outcome));
    return ended;
  }

  TrialRunner& runner_;
  Record& record_;
  const Past& past_;
  std::uint64_t seed_;
  const std::atomic<bool>& stop_;
};

constexpr std::chrono::nanoseconds shortest_slice = std::chrono::milliseconds(1);

// Hands out the trials of the lanes that look for findings: every plan's next one in turn, so that all plans have
// been looked at when a user stops early.
class DetectionQueue {
 public:
  DetectionQueue(std::vector<const Plan*> plans, const Past& past, std::uint64_t seed) : past_(past), seed_(seed) {
    for (const auto* plan : plans) states_.push_back({plan});
    std::mt19937_64 random(seed);
    std::shuffle(states_.begin(), states_.end(), random);
  }

  struct Job {
    std::size_t index;
    const Plan* plan;
    std::uint32_t round;
    TrialRequest request;
  };
  std::optional<Job> next() {
    const std::scoped_lock lock(mutex_);
    State* least = nullptr;
    while ((least = furthest_behind()) != nullptr) {
      const auto* past = past_.find(*least->plan, least->started);
      if (past == nullptr) break;
      ++least->started;
      least->spent += past->duration;
      if (is_futile(past->status)) ++least->futile;
    }
    if (least == nullptr) return std::nullopt;
    const auto round = least->started++;
    Job job{static_cast<std::size_t>(least - states_.data()), least->plan, round, least->plan->request};
    // Races depend on where the workers are (a start in lockstep on two CPUs hides some): vary it.
    constexpr std::array placements{Placement::distinct, Placement::same, Placement::free};
    job.request.placement = placements[round % placements.size()];
    job.request.seed = trial_seed(seed_, least->plan->request, round);
    if (least->keeps_budget()) {  // the last trial is as long as what is left, without what a process costs
      const auto left = std::max(least->plan->budget - least->spent - least->overhead, shortest_slice);
      job.request.budget_ns = std::min(job.request.budget_ns, static_cast<std::uint64_t>(left.count()));
    }
    return job;
  }
  // Returns how many planned trials of the plan will not be run.
  std::uint32_t ended(const Job& job, const Trial& trial) {
    const std::scoped_lock lock(mutex_);
    auto& state = states_[job.index];
    const std::chrono::nanoseconds duration(trial.duration_ns);
    state.spent += duration;
    state.overhead = std::max(duration - std::chrono::nanoseconds(job.request.budget_ns), std::chrono::nanoseconds(0));
    if (is_futile(trial.status) && ++state.futile == futile_trials && state.plan->repetitions > state.started)
      return state.plan->repetitions - state.started;
    return 0;
  }

 private:
  struct State {
    const Plan* plan;
    std::uint32_t started = 0;
    std::uint32_t futile = 0;
    std::chrono::nanoseconds spent{0}, overhead{0};  // overhead: of the last trial, beyond what it was asked for
    // Its trials run one by one and end when they are told to, so that a budget is kept to a fiftieth; in other lanes
    // it is what is spent at least.
    bool keeps_budget() const { return needs_all_cores(plan->request.lane) && plan->budget.count() != 0; }
    bool finished() const {
      if (keeps_budget()) return futile >= futile_trials || spent >= plan->budget - plan->budget / 50;
      return futile >= futile_trials || (started >= plan->repetitions && spent >= plan->budget);
    }
  };
  State* furthest_behind() {
    State* least = nullptr;
    for (auto& state : states_)
      if (!state.finished() && (least == nullptr || state.started < least->started)) least = &state;
    return least;
  }

  std::mutex mutex_;
  const Past& past_;
  std::uint64_t seed_;
  std::vector<State> states_;
};

}  // namespace

void run_campaign(const Campaign& campaign, TrialRunner& runner, std::uint32_t slots, Run& run,
                  const TrialObserver& observer, const std::atomic<bool>& stop) {
  const Past past(run);
  Record record(run, observer);
  std::vector<const Plan*> timed, alone, searched;
  for (const auto& plan : campaign.plans) {
    const auto lane = plan.request.lane;
    (is_timed(lane) ? timed : needs_all_cores(lane) ? alone : searched).push_back(&plan);
  }
  for (const auto* plan : alone) record.expect(plan->request.lane, plan->repetitions, 1);
  for (const auto* plan : searched) record.expect(plan->request.lane, plan->repetitions, slots);

  for (const auto* plan : timed) record.expect(Lane::bench, plan->repetitions + 1, 1);
  record.count_past();

  BenchRounds(runner, record, past, run.seed, stop).run(timed);

  const auto search = [&](const std::vector<const Plan*>& plans, std::uint32_t at_once) {
    DetectionQueue queue(plans, past, run.seed);
    std::vector<std::jthread> workers;
    for (std::uint32_t slot = 0; slot < at_once; ++slot)
      workers.emplace_back([&] {
        while (!stop) {
          const auto job = queue.next();
          if (!job) return;
          auto outcome = runner.run(job->request, job->plan->runner, stop);
          if (const auto left_out = queue.ended(*job, outcome.trial); left_out != 0)
            record.forget(job->request.lane, left_out);
          record.add(*job->plan, job->round, std::move(outcome));
        }
      });
  };
  search(alone, 1);
  search(searched, std::max(slots, 1u));
  run.complete = !stop;
}

}  // namespace chicane
