// Who sleeps where: condition variables and futexes. What wakes them is the engine's business; this keeps the order,
// and what is needed to tell a lost wake-up from a deadlock.
#pragma once

#include "harness/explore/objects/object.h"

namespace chicane::explore {

struct Sleeper {
  ThreadId thread = no_thread;
  std::uint32_t bitset = ~0U;  // futex
  bool operator==(const Sleeper&) const = default;
};

struct WaitQueue : Object {
  using Object::Object;
  ArenaList<Sleeper> sleepers;  // longest first
  std::uint32_t unheard = 0;    // notifications with nobody asleep, so far
  std::uintptr_t unheard_pc = 0;
  ThreadId unheard_from = no_thread;

  bool sleeps(ThreadId thread) const {
    for (const Sleeper& sleeper : sleepers)
      if (sleeper.thread == thread) return true;
    return false;
  }
  void forget(ThreadId thread) {
    for (std::size_t i = 0; i < sleepers.size(); ++i)
      if (sleepers[i].thread == thread) {
        sleepers.erase(i);
        return;
      }
  }
  void nobody_heard(ThreadId from, std::uintptr_t pc) {
    ++unheard;
    unheard_from = from;
    unheard_pc = pc;
  }
};

struct Condition : WaitQueue {
  explicit Condition(std::uintptr_t where) : WaitQueue(ObjectKind::condition, where) {}
  std::uintptr_t mutex = 0;  // of the waiters there are; all must name the same
};

struct Futex : WaitQueue {
  explicit Futex(std::uintptr_t where) : WaitQueue(ObjectKind::futex, where) {}
};

}  // namespace chicane::explore
