// pthread_mutex_t of every kind, and pthread_spinlock_t.
#pragma once

#include "harness/explore/objects/object.h"

namespace chicane::explore {

enum class MutexKind : std::uint8_t { normal, recursive, errorcheck };

struct Mutex : Object {
  Mutex(std::uintptr_t where, MutexKind of, bool is_robust)
      : Object(ObjectKind::mutex, where), type(of), robust(is_robust) {}

  MutexKind type;
  bool robust;
  bool owner_died = false;       // robust: the next owner is told
  bool not_recoverable = false;  // unlocked after that without pthread_mutex_consistent
  ThreadId owner = no_thread;
  std::uint32_t depth = 0;

  // Whether lock() would return now. A normal mutex that its owner locks again never does.
  bool can_lock(ThreadId thread) const {
    return owner == no_thread || (owner == thread && type != MutexKind::normal) || not_recoverable;
  }
  int lock(ThreadId thread);      // may only be called when can_lock(); 0, EDEADLK, EAGAIN, EOWNERDEAD, ENOTRECOVERABLE
  int try_lock(ThreadId thread);  // as lock(), or EBUSY
  int unlock(ThreadId thread);    // 0, EPERM
  int make_consistent(ThreadId thread);
  void owner_ends();
  // Unlocking what one does not own is undefined for a normal mutex, though glibc does it.
  bool unlock_is_misuse(ThreadId thread) const { return owner != thread && type == MutexKind::normal && !robust; }
};

}  // namespace chicane::explore
