#include "harness/explore/objects/rwlock.h"

namespace chicane::explore {

bool RwLock::reads(ThreadId thread) const {
  for (const ThreadId reader : readers)
    if (reader == thread) return true;
  return false;
}

int RwLock::read(Arena& arena, ThreadId thread) {
  if (writer == thread) return EDEADLK;
  readers.push(arena, thread);
  return 0;
}

int RwLock::write(ThreadId thread) {
  if (writer == thread) return EDEADLK;
  writer = thread;
  return 0;
}

int RwLock::unlock(ThreadId thread) {
  if (writer == thread) {
    writer = no_thread;
    return 0;
  }
  return readers.remove(thread) ? 0 : EPERM;
}

}  // namespace chicane::explore
