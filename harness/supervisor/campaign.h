// Runs a planned campaign: bench trials one at a time (calibrated once, then rounds of all scenarios interleaved in
// random order), the trials of other lanes on all CPUs at once. Fills in run.trials and run.findings.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "harness/model/run.h"
#include "harness/supervisor/plan.h"
#include "harness/supervisor/trial_process.h"

namespace chicane {

// Called after every trial, by one thread at a time, while other trials may be running.
struct TrialEnded {
  const Trial& trial;
  std::uint32_t done = 0;            // trials ended
  std::uint32_t total = 0;           // trials planned, as known now
  std::chrono::nanoseconds left{0};  // estimate of the time left
};
using TrialObserver = std::function<void(const TrialEnded&)>;

// Trials that `run` already holds (a resumed run's, from its journal) count as done and are not run again; those of
// before are taken to be of the same campaign and seed. Returns when all is done or, soon, after `stop` became true:
// run.complete says which. `slots`: how many trials of the lanes that need no quiet machine run at once.
void run_campaign(const Campaign& campaign, TrialRunner& runner, std::uint32_t slots, Run& run,
                  const TrialObserver& observer, const std::atomic<bool>& stop);

}  // namespace chicane
