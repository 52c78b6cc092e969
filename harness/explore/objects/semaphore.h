// sem_t and pthread_barrier_t.
#pragma once

#include <limits>

#include "harness/explore/objects/object.h"

namespace chicane::explore {

struct Semaphore : Object {
  Semaphore(std::uintptr_t where, std::uint32_t initial) : Object(ObjectKind::semaphore, where), value(initial) {}
  std::uint32_t value;

  bool can_wait() const { return value > 0; }
  int wait() {  // 0, EAGAIN: would block
    if (value == 0) return EAGAIN;
    --value;
    return 0;
  }
  int post() {  // 0, EOVERFLOW
    if (value == static_cast<std::uint32_t>(std::numeric_limits<int>::max())) return EOVERFLOW;
    ++value;
    return 0;
  }
};

struct Barrier : Object {
  Barrier(std::uintptr_t where, std::uint32_t needed) : Object(ObjectKind::barrier, where), count(needed) {}
  std::uint32_t count;
  std::uint32_t arrived = 0;
  std::uint32_t round = 0;

  // True: this was the last one; all of this round may go on and this one gets PTHREAD_BARRIER_SERIAL_THREAD.
  bool arrive() {
    if (++arrived < count) return false;
    arrived = 0;
    ++round;
    return true;
  }
  bool passed(std::uint32_t arrived_in) const { return round != arrived_in; }
};

}  // namespace chicane::explore
