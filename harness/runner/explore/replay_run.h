// Replays a schedule file.
#pragma once

#include <string>

#include "harness/runner/result_stream.h"

namespace chicane::explore {

// The event `replayed` (with what was seen, as findings before it), or `refused`. The exit status of the process.
int replay_file(const std::string& file, const std::string& plugin, ResultStream& results);

// For a debugger: in this process, with nothing told but what the code writes itself. Returns when the schedule has
// ended, if it gets there.
int replay_here(const std::string& file, const std::string& plugin, char** arguments);

}  // namespace chicane::explore
