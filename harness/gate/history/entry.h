// What of a run goes into the history. Pure.
#pragma once

#include <string>

#include "harness/model/error.h"
#include "harness/model/history.h"
#include "harness/model/run.h"

namespace chicane {

// Errors: a run that is incomplete (its medians would change), has results of several hosts, or none to keep.
// `added` is the time of now.
Result<HistoryRun> history_run(const Run& run, const std::string& commit, const std::string& added);

}  // namespace chicane
