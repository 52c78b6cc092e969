#include "harness/supervisor/record.h"

#include <fmt/format.h>

namespace chicane {
namespace {

constexpr std::size_t most_output_kept = std::size_t{16} << 20;

}  // namespace

Record::Record(Run& run, const TrialObserver& observer) : run_(run), observer_(observer) {
  for (const auto& trial : run_.trials)
    for (const auto& seen : trial.findings) {
      const auto& finding = run_.findings.at(std::stoull(seen.ref.substr(1)));
      known_.try_emplace(std::tuple(trial.scenario, finding.kind, finding.fingerprint),
                         Known{seen.ref, trial.lane, turn_of(trial)});
    }
}

std::pair<std::size_t, std::uint32_t> Record::turn_of(const Trial& trial) {
  return {std::stoull("0" + trial.plan.str().substr(std::min<std::size_t>(trial.plan.str().size(), 1))), trial.round};
}

// Each trial's output has a bound; so has that of all, or a run of many trials that say much would fill the memory.
void Record::bound_output(Trial& trial) {
  const auto bytes = trial.output.stdout_tail.size() + trial.output.stderr_tail.size();
  if (output_kept_ + bytes <= most_output_kept) {
    output_kept_ += bytes;
    return;
  }
  if (output_kept_ < most_output_kept) {  // the first one of them
    output_kept_ = most_output_kept;
    run_.notes.push_back(
        fmt::format("from trial {} on, what scenarios wrote is counted and not kept: it is more than "
                    "{} MiB in all",
                    trial.id, most_output_kept >> 20));
  }
  trial.output.stdout_tail = trial.output.stderr_tail = std::string();
}

void Record::count_past() {
  const std::scoped_lock lock(mutex_);
  for (const auto& trial : run_.trials) {
    auto& lane = progress_[trial.lane];
    lane.expected = std::max(lane.expected, ++lane.done);
    lane.spent += std::chrono::nanoseconds(trial.duration_ns);
  }
}

void Record::expect(Lane lane, std::uint32_t count, std::uint32_t at_once) {
  const std::scoped_lock lock(mutex_);
  progress_[lane].expected += count;
  progress_[lane].at_once = at_once;
}

void Record::forget(Lane lane, std::uint32_t count) {
  const std::scoped_lock lock(mutex_);
  auto& lane_progress = progress_[lane];
  lane_progress.expected -= std::min(count, lane_progress.expected - lane_progress.done);
}

void Record::add(const Plan& plan, std::uint32_t round, TrialOutcome outcome) {
  const std::scoped_lock lock(mutex_);
  auto& trial = outcome.trial;
  trial.id = fmt::format("t{}", run_.trials.size());
  trial.plan = plan.id;
  trial.build = plan.build;
  trial.host = run_.hosts.empty() ? "" : run_.hosts.front().id;
  trial.round = round;
  trial.oversubscribed = plan.oversubscribed;
  bound_output(trial);
  for (auto& [finding, count] : outcome.findings) {
    const auto [entry, is_new] =
        known_.try_emplace(std::tuple(trial.scenario, finding.kind, finding.fingerprint),
                           Known{fmt::format("f{}", run_.findings.size()), trial.lane, turn_of(trial)});
    auto& known = entry->second;
    if (is_new) {
      run_.findings.push_back(std::move(finding));
    } else if (known.lane == trial.lane && turn_of(trial) < known.turn) {
      // Searches end in any order: of two of one lane, the one that was planned first is told, so that a seed always
      // tells the same. (The journal has the first to end: a resumed run may tell that.)
      known.turn = turn_of(trial);
      run_.findings[std::stoull(known.id.substr(1))].evidence = std::move(finding.evidence);
    }
    trial.findings.push_back({known.id, count});
  }
  auto& lane = progress_[trial.lane];
  ++lane.done;
  lane.expected = std::max(lane.expected, lane.done);
  lane.spent += std::chrono::nanoseconds(trial.duration_ns);
  run_.trials.push_back(std::move(trial));
  if (!observer_) return;
  std::uint32_t done = 0, total = 0;
  for (const auto& [name, own] : progress_) done += own.done, total += own.expected;
  observer_({run_.trials.back(), done, total, time_left()});
}

std::chrono::nanoseconds Record::time_left() const {
  std::chrono::nanoseconds left{0};
  std::chrono::nanoseconds known{0};
  std::uint32_t known_count = 0;
  for (const auto& [lane, own] : progress_) known += own.spent, known_count += own.done;
  for (const auto& [lane, own] : progress_) {
    // A lane that has not begun yet is taken to be like the ones that have.
    const auto mean = own.done != 0 ? own.spent / own.done : known_count != 0 ? known / known_count : known;
    left += mean * (own.expected - own.done) / std::max(own.at_once, 1u);
  }
  return left;
}

}  // namespace chicane
