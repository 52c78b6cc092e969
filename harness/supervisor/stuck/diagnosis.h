// What kind of stuck it is. Pure functions over looks at a trial's threads, so that every kind can be tested without a
// process that shows it.
//
//   deadlock     a cycle of threads, each asleep without a time limit on a lock (or on the end of a thread) that the
//                next one holds (or is)
//   lost_wakeup  a thread sleeps on a condition variable whose last notification came while nobody waited
//   livelock     all threads that move give up and try again, at least two of them, and the scenario's state changes
//   hang         none of these can be shown
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/finding.h"
#include "harness/supervisor/stuck/look.h"
#include "harness/supervisor/stuck/stacks.h"

namespace chicane::stuck {

enum class Wait : std::uint8_t { runs, mutex, rwlock, condition, end_of_thread, futex, other };

struct WaitFor {
  Wait how = Wait::other;
  std::uint64_t object = 0;   // address of the lock or condition variable
  std::optional<pid_t> whom;  // who holds the lock; the thread whose end is waited for
  bool endless = false;       // without a time limit
};
WaitFor wait_of(const ThreadLook& thread, const Look& look);

// It slept all the time from one look to the other, and waits for the same.
bool slept_through(const ThreadLook& before, const ThreadLook& after);

// Threads that wait for each other, each for the next and the last for the first; the same in both looks, and asleep
// all the time between them. Empty: there is none.
std::vector<pid_t> cycle_of_owners(const Look& before, const Look& after);

// No thread of the trial can ever run again: all slept from one look to the other, in waits without a time limit on
// memory that only they reach. Then there was a moment at which all of them slept at once, and nobody to wake them.
bool all_asleep_for_good(const Look& before, const Look& after);

// What was seen of a process over some hundreds of milliseconds.
struct Watched {
  std::vector<std::map<pid_t, ThreadStack>> samples;  // of its threads, one after the other; empty: refused
  bool state_changed = false;                         // the scenario's memory, between two samples
  std::string refused;                                // why there are no stacks; empty: there are
};

// `before` and `after`: looks before the samples were taken, because a thread that is held wakes up for it.
Finding diagnose(const Look& before, const Look& after, const Watched& watched);

// The same where waits are not the scenario's own, so that what they wait for tells nothing.
Finding only_that_it_hangs(const Look& before, const Look& after, const Watched& watched);

}  // namespace chicane::stuck
