// The runner's account of condition variables and of its own threads (harness/model/wait_board.h). Fed by the
// functions that stand in front of the C library's (condition_interpose.cpp, tsan_interpose.cpp), from any thread,
// without locks; TSan does not see it. Off at first: then a call costs one look at a flag.
#pragma once

#include <cstdint>

namespace chicane::wait_ledger {

std::uint64_t address();  // of the board
void keep_conditions();   // from now on
void state_is_at(const void* state, std::uint64_t bytes);
void gets_on();  // a worker with its turns, a pair with its slices
void signals_are_caught();
// All threads that run now, besides the caller, are the harness's own.
void other_threads_are_the_harness();

void waits(const void* condition);      // before the wait
void came_back(const void* condition);  // after it
void notified(const void* condition);   // before the notification
void forget(const void* condition);     // a new one, or gone

}  // namespace chicane::wait_ledger
