// What the runner is asked for, answered as events; each returns the process's exit status: 0, or 3 when it refused.
#pragma once

#include <string>
#include <vector>

#include "harness/model/trial.h"
#include "harness/runner/result_stream.h"

namespace chicane {

inline constexpr int exit_refused = 3;

int describe(const std::string& plugin, const std::vector<std::string>& allow_uninstrumented, ResultStream& results);
int run_trial(const TrialRequest& request, ResultStream& results);

}  // namespace chicane
