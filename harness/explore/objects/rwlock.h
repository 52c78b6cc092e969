// pthread_rwlock_t: any number of readers or one writer. Readers are let in while writers wait, glibc's default.
#pragma once

#include "harness/explore/objects/object.h"

namespace chicane::explore {

struct RwLock : Object {
  explicit RwLock(std::uintptr_t where) : Object(ObjectKind::rwlock, where) {}

  ThreadId writer = no_thread;
  ArenaList<ThreadId> readers;  // one entry for each time
  Clock read_released;          // joined by writers only: readers do not order each other

  bool reads(ThreadId thread) const;
  bool can_read(ThreadId thread) const { return writer == no_thread || writer == thread; }
  bool can_write(ThreadId thread) const { return writer == thread || (writer == no_thread && readers.empty()); }
  int read(Arena& arena, ThreadId thread);  // when can_read(); 0, EDEADLK
  int write(ThreadId thread);               // when can_write(); 0, EDEADLK
  int try_read(Arena& arena, ThreadId thread) { return writer != no_thread ? EBUSY : read(arena, thread); }
  int try_write(ThreadId thread) { return writer != no_thread || !readers.empty() ? EBUSY : write(thread); }
  int unlock(ThreadId thread);  // 0; EPERM: not held by this thread
};

}  // namespace chicane::explore
