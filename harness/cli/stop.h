// Ctrl-C and its like: a wish to stop, which commands that run something look at.
#pragma once

#include <atomic>

namespace chicane {

// Set by the first SIGINT, SIGTERM or SIGHUP once stop_on_signals() was called; the second ends the program at once.
extern std::atomic<bool> stop_requested;
void stop_on_signals();

}  // namespace chicane
