// What the lanes that look for findings run next: every plan's next trial in turn, so that all plans have been looked
// at when a user stops early.
//
// A plan ends early once all that its lane is sure to see was seen in three processes; where nothing must be seen it
// goes on to its number of processes and its budget, because it has to show absence; and what must be seen and was not
// is looked for four times as long, and for 5 s (or as long as the caller's budget says), before it counts as missed.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "harness/supervisor/past.h"
#include "harness/supervisor/trial_process.h"

namespace chicane {

// Races depend on where the workers are (a start in lockstep on two CPUs hides some): it varies from trial to trial.
Placement placement_of(std::uint32_t repetition);

// Its workers race on CPUs of their own: a trial beside it would take them away.
bool needs_all_cores(Lane lane);

// What a plan's scenario declares and its lane is sure to see, and in how many processes each was seen.
class Musts {
 public:
  Musts(const Plan& plan, const std::vector<Scenario>& scenarios);
  void saw(const std::vector<Finding>& findings);  // of one process
  bool all_seen() const;                           // often enough; false when there is nothing that must be seen
  bool any_unseen() const;

 private:
  struct Sighting {
    const ExpectedFinding* must;
    std::uint32_t processes;
  };
  std::vector<Sighting> musts_;
};

// Safe to use from several threads at once. Plans, campaign and past must outlive it.
class DetectionQueue {
 public:
  struct Job {
    std::size_t index;
    const Plan* plan;
    std::uint32_t round;
    TrialRequest request;
  };

  DetectionQueue(const std::vector<const Plan*>& plans, const Campaign& campaign, const Past& past, std::uint64_t seed);
  std::optional<Job> next();
  // Returns how many of the planned trials will not be run.
  std::uint32_t ended(const Job& job, const TrialOutcome& outcome);

 private:
  struct State {
    const Plan* plan;
    Musts musts;
    std::uint32_t started = 0;
    std::uint32_t futile = 0;
    std::chrono::nanoseconds spent{0}, overhead{0};  // overhead: of the last trial, beyond what it was asked for
    bool keeps_budget() const;
    bool settled() const { return futile >= futile_trials || musts.all_seen(); }
    bool finished() const;
    std::uint32_t foreseen() const { return settled() ? started : std::max(started, plan->repetitions); }
  };
  State* furthest_behind();

  std::mutex mutex_;
  const Past& past_;
  std::uint64_t seed_;
  std::vector<State> states_;
};

}  // namespace chicane
