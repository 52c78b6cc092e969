#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "harness/model/run.h"
#include "harness/supervisor/plan.h"

namespace chicane {

// A scenario that hangs or can't be started will do so again; what it showed is on record.
constexpr std::uint32_t futile_trials = 2;

inline bool is_futile(TrialStatus status) {
  return status == TrialStatus::timed_out || status == TrialStatus::not_run || status == TrialStatus::over_limit;
}

// What a resumed run has behind it.
class Past {
 public:
  struct Ended {
    TrialStatus status;
    std::uint64_t turns;
    std::chrono::nanoseconds duration;
    std::vector<Finding> findings;
  };
  explicit Past(const Run& run) {
    for (const auto& trial : run.trials) {
      auto& ended = trials_[{trial.plan, trial.round, trial.calibration}];
      ended = {trial.status, trial.turns, std::chrono::nanoseconds(trial.duration_ns), {}};
      for (const auto& seen : trial.findings)
        ended.findings.push_back(run.findings.at(std::stoull(seen.ref.substr(1))));
    }
  }
  const Ended* find(const Plan& plan, std::uint32_t round, bool calibration = false) const {
    const auto found = trials_.find({plan.id, round, calibration});
    return found == trials_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::tuple<std::string, std::uint32_t, bool>, Ended> trials_;
};

}  // namespace chicane
