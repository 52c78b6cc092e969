// Two run files instead of live processes: weaker, for the host has changed between them in ways that no statistic
// undoes. So the margin is wider, and the hosts must be of one kind. Pure functions.
#pragma once

#include "harness/gate/policy.h"
#include "harness/model/gate.h"
#include "harness/model/run.h"

namespace chicane {

inline constexpr double stored_margin = 0.10, stored_detect = 0.25;

// The bench lane's rounds as two samples: rank-sum test of candidate > baseline + margin, Holm's procedure over all
// measures and scenarios at `asked.alpha`, one stage. `asked.margin` and `asked.detect` are the policy's or the user's,
// for time. The result's verdict is concluded; its findings are those of the candidate's verdicts.
GateResult compare_runs(const Run& baseline, const Run& candidate, const GateAsked& asked, const Policy& policy,
                        const std::string& today);

}  // namespace chicane
