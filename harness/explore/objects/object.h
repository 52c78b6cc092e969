// What the models of synchronisation objects have in common. A model is a plain state machine over thread numbers: it
// says whether an operation may go on and what it returns, by the POSIX text. It never blocks, switches or allocates
// but in the schedule's arena. Objects are keyed by their exact address and live for one schedule.
#pragma once

#include <cerrno>
#include <cstdint>

#include "harness/explore/arena.h"
#include "harness/explore/clock.h"
#include "harness/explore/operation.h"

namespace chicane::explore {

enum class ObjectKind : std::uint8_t { mutex, spin_lock, rwlock, condition, semaphore, barrier, once, guard, futex };

struct Object {
  explicit Object(ObjectKind what, std::uintptr_t where) : kind(what), address(where) {}
  ObjectKind kind;
  bool destroyed = false;
  std::uintptr_t address;
  Clock released;                      // joined by who acquires it
  ThreadId last_releaser = no_thread;  // and where: what an acquisition reads from
  std::uintptr_t last_release_pc = 0;
};

}  // namespace chicane::explore
