// Litmus scenarios on real cores: strides of fresh states that all actors race through without a meeting for each.
#pragma once

#include "harness/model/trial.h"
#include "harness/runner/stage.h"

namespace chicane {

// Until the budget is spent (or the turns asked for are done, rounded up to a stride). Fills in turns, workers,
// measures and the histogram of outcomes; a forbidden or undeclared one is a finding.
void run_litmus(Stage& stage, const TrialRequest& request, Trial& trial);

// All declared outcomes in their order, also those with 0, then the undeclared ones. Pure.
std::vector<OutcomeCount> histogram(const Scenario& scenario, const std::map<std::string, std::uint64_t>& seen);

}  // namespace chicane
