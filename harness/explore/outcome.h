// What a schedule ended in. Plain data; addresses are named after the run, outside of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/explore/operation.h"
#include "harness/model/words.h"

namespace chicane::explore {

using Stack = std::vector<std::uintptr_t>;  // return addresses, innermost first

struct SeenAccess {  // one side of a race or of a use after free
  ThreadId thread = 0;
  bool write = false;
  bool atomic = false;
  std::uint32_t size_bytes = 0;
  std::uintptr_t address = 0;
  std::vector<std::uintptr_t> locks;  // held
  Stack stack;                        // the older side has its innermost location only, unless the run was traced
};

struct SeenThread {
  ThreadId id = 0;
  std::string name;  // pthread_setname_np
  Stack created_at;
  Stack now;  // where it stands at the end: deadlock, lost wake-up, livelock, hang
  bool finished = false;
  std::vector<std::uintptr_t> locks;  // held
  std::optional<Operation> waits_in;  // what it waits for
  ThreadId waits_for = no_thread;     // who would have to let it go on (owner of the lock, thread to be joined)
};

struct SeenBlock {   // of memory that a finding is about
  std::string type;  // "heap", "stack", "global", "tls", "unknown"
  std::uintptr_t start = 0;
  std::size_t size_bytes = 0;
  Stack allocated_at;
  Stack freed_at;
  ThreadId owner = no_thread;  // who allocated it; whose stack it is
};

struct SeenFinding {
  FindingKind kind = FindingKind::protocol_broken;
  std::string name;                  // of the check that failed
  std::string message;               // one sentence in words
  ThreadId thread = 0;               // who showed it
  Stack stack;                       // and where
  std::vector<SeenAccess> accesses;  // races: older first
  std::vector<ThreadId> cycle;       // deadlock: each waits for the next, the last for the first; empty: no cycle
  std::optional<SeenBlock> block;
  std::optional<int> signal;
  std::optional<int> exit_code;
  std::optional<std::uintptr_t> object;  // lock, condition variable, …
  std::uint64_t step = 0;                // steps done when it was seen
  bool doubtful = false;                 // of one schedule alone: it is one only where most schedules end so
};

struct ScheduleStatistics {
  std::uint64_t steps = 0;        // visible operations
  std::uint64_t decisions = 0;    // entries of the stream
  std::uint64_t switches = 0;     // steps by another thread than the one before
  std::uint64_t preemptions = 0;  // … that could have gone on and did not yield
  std::uint32_t threads = 0;      // ever alive
  std::uint32_t most_enabled = 0;
  std::uint64_t accesses = 0;      // seen by the race detector, visible or not
  std::uint64_t spins = 0;         // steps without progress
  std::uint64_t uncontrolled = 0;  // calls that could block outside of control
  std::uint64_t learned = 0;       // switch points that this schedule has added
};

enum class Ending : std::uint8_t {
  returned,  // the body or main returned, or exit() was called in a program
  stuck,     // deadlock, lost wake-up: threads are blocked for ever
  too_long,  // step bound
  died,      // crash, abort, uncaught exception, _exit in a body
  diverged,  // a replay did not fit: see `divergence`
};

struct Divergence {            // where a replayed stream did not fit the run
  std::uint64_t decision = 0;  // index into the stream
  std::uint64_t step = 0;
  std::string message;
};

struct Outcome {
  Ending ending = Ending::returned;
  std::vector<SeenFinding> findings;  // in the order in which they were seen; each race (two code locations) once
  std::vector<SeenThread> threads;    // of all threads, when there are findings
  std::optional<int> exit_code;       // programs
  std::optional<Divergence> divergence;
  ScheduleStatistics statistics;
  // Threads are left blocked, memory is broken or code was left in the middle: the process can't run another schedule.
  bool process_spent = false;
  bool ok() const { return findings.empty() && ending == Ending::returned; }
};

}  // namespace chicane::explore

template <>
struct chicane::Spelling<chicane::explore::Ending> {
  static constexpr std::array<std::string_view, 5> names{"returned", "stuck", "too_long", "died", "diverged"};
};
