// Which orders of locking can deadlock. Pure: what the threads did goes in, cycles come out. Not thread-safe.
//
// GoodLock (K. Havelund, "Using runtime analysis to guide model checking of Java programs", SPIN 2000) with the two
// refinements of S. Bensalem and K. Havelund ("Dynamic deadlock analysis of multi-threaded programs", HVC 2005): a
// cycle in the graph "held m1 while asking for m2" can block only if
//  - its edges come from different threads: one thread does not wait for itself;
//  - no two of them were made under a common lock (a gate): that lock lets only one of them happen at a time;
//  - no two of them are ordered by starts and joins of threads.
// Here locks can be shared (readers): a gate that both hold shared is no gate, and a reader does not wait for a reader.
// What else may order the threads (semaphores, condition variables, atomics) is not known to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace chicane {

struct HeldLock {
  std::uint32_t mutex = 0;
  bool shared = false;
  bool operator==(const HeldLock&) const = default;
};

struct NestedLock {  // a thread asks for a mutex while it holds others
  std::uint32_t thread = 0;
  std::uint32_t segment = 0;
  HeldLock wanted;
  std::vector<HeldLock> held;
};

// A thread's time is cut into segments at each start and join. Segment 0 is the first of the main thread.
class ThreadSegments {
 public:
  // A segment that comes after these two (which may be the same). Its number is higher than theirs.
  std::uint32_t add(std::uint32_t after, std::uint32_t also_after);
  // Whether one of them ends before the other begins.
  bool ordered(std::uint32_t a, std::uint32_t b) const;
  std::size_t size() const { return before_.size(); }

 private:
  struct Before {
    std::uint32_t first, second;
  };
  std::vector<Before> before_{{0, 0}};
  mutable std::vector<std::uint32_t> pending_;
  mutable std::vector<std::uint32_t> visited_;  // by segment: the number of the query that saw it
  mutable std::uint32_t query_ = 0;
};

struct LockEdge {
  std::size_t nested = 0;  // index into what was given
  std::uint32_t from = 0;  // mutex held
  std::uint32_t to = 0;    // mutex asked for
};
struct LockCycle {
  std::vector<LockEdge> edges;  // in order: each one's `to` is the next one's `from`
};
struct LockCycles {
  std::vector<LockCycle> cycles;  // one for each set of mutexes
  bool complete = true;           // false: the search was cut short
};
// Searches cycles of at most `longest` mutexes in at most `effort` steps.
LockCycles find_lock_cycles(const std::vector<NestedLock>& nested, const ThreadSegments& segments,
                            std::size_t longest = 12, std::uint64_t effort = 2'000'000);

}  // namespace chicane
