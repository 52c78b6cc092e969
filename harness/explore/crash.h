// Signals that end a schedule: SIGSEGV, SIGBUS, SIGFPE and SIGILL of a controlled thread become a finding. Each kernel
// thread that runs code under test needs a stack of its own for it, because the stack itself may have overflowed.
#pragma once

#include <signal.h>

namespace chicane::explore {

void give_crash_stack();     // to the calling kernel thread
void catch_crashes();        // once a process; what was there before gets the signals of other threads
void let_crashes_through();  // back to what was there before
bool handles_crashes(const struct ::sigaction& action);  // it is ours

}  // namespace chicane::explore
