#include "harness/explore/objects/mutex.h"

#include <limits>

namespace chicane::explore {

int Mutex::lock(ThreadId thread) {
  if (not_recoverable) return ENOTRECOVERABLE;
  if (owner == thread) {
    if (type == MutexKind::errorcheck) return EDEADLK;
    if (depth == std::numeric_limits<std::uint32_t>::max()) return EAGAIN;
    ++depth;
    return 0;
  }
  owner = thread;
  depth = 1;
  return owner_died ? EOWNERDEAD : 0;
}

int Mutex::try_lock(ThreadId thread) {
  if (not_recoverable) return ENOTRECOVERABLE;
  if (owner != no_thread && !(owner == thread && type == MutexKind::recursive)) return EBUSY;
  return lock(thread);
}

int Mutex::unlock(ThreadId thread) {
  if (owner != thread && (type != MutexKind::normal || robust)) return EPERM;
  if (owner == no_thread) return 0;
  if (--depth > 0) return 0;
  owner = no_thread;
  if (owner_died) not_recoverable = true;
  return 0;
}

int Mutex::make_consistent(ThreadId thread) {
  if (!robust || !owner_died || owner != thread) return EINVAL;
  owner_died = false;
  return 0;
}

void Mutex::owner_ends() {
  if (!robust) return;
  owner = no_thread;
  depth = 0;
  owner_died = true;
}

}  // namespace chicane::explore
