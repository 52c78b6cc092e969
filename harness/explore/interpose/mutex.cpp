// pthread_mutex_*, pthread_spin_* and pthread_rwlock_*. The object's memory keeps what its initialiser wrote: the kind
// of mutex is read from it, and who comes after the schedule finds an unlocked one.
#include "harness/explore/interpose/call.h"

namespace chicane::explore {

Mutex& mutex_model_of(pthread_mutex_t* mutex) {
  Engine& self = engine();
  if (auto* known = self.object_at<Mutex>(mutex, ObjectKind::mutex)) return *known;
  constexpr int robust_bit = 16, kind_bits = 3;  // of glibc's __kind
  const int kind = mutex->__data.__kind;
  const MutexKind type = (kind & kind_bits) == PTHREAD_MUTEX_RECURSIVE    ? MutexKind::recursive
                         : (kind & kind_bits) == PTHREAD_MUTEX_ERRORCHECK ? MutexKind::errorcheck
                                                                          : MutexKind::normal;
  return self.make_object<Mutex>(mutex, type, (kind & robust_bit) != 0);
}

}  // namespace chicane::explore

using namespace chicane::explore;

namespace {

Mutex& model_of(pthread_mutex_t* mutex) { return chicane::explore::mutex_model_of(mutex); }
Mutex& model_of(pthread_spinlock_t* lock) {
  Engine& self = engine();
  void* at = const_cast<int*>(lock);
  if (auto* known = self.object_at<Mutex>(at, ObjectKind::mutex)) return *known;
  return self.make_object<Mutex>(at, MutexKind::normal, false);
}
RwLock& model_of(pthread_rwlock_t* lock) {
  Engine& self = engine();
  if (auto* known = self.object_at<RwLock>(lock, ObjectKind::rwlock)) return *known;
  return self.make_object<RwLock>(lock);
}

int lock(Call& call, pthread_mutex_t* mutex, OperationKind kind, std::uint64_t deadline) {
  return engine().lock(call.thread(), model_of(mutex), kind, deadline, call.pc());
}
int lock(Call& call, pthread_rwlock_t* object, bool write, OperationKind kind, std::uint64_t deadline) {
  return engine().read_write_lock(call.thread(), model_of(object), write, kind, deadline, call.pc());
}

}  // namespace

CHICANE_EXPORT int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) {
  CHICANE_CALL(call, real().pthread_mutex_init(mutex, attributes));
  engine().forget(mutex);
  return real().pthread_mutex_init(mutex, attributes);
}
CHICANE_EXPORT int pthread_mutex_destroy(pthread_mutex_t* mutex) {
  CHICANE_CALL(call, real().pthread_mutex_destroy(mutex));
  auto* known = engine().object_at<Mutex>(mutex, ObjectKind::mutex);
  if (known == nullptr) return 0;
  engine().destroy(call.thread(), *known, known->owner != no_thread, call.pc());
  engine().forget(mutex);
  return 0;
}
CHICANE_EXPORT int pthread_mutex_lock(pthread_mutex_t* mutex) {
  CHICANE_CALL(call, real().pthread_mutex_lock(mutex));
  return lock(call, mutex, OperationKind::lock, 0);
}
CHICANE_EXPORT int pthread_mutex_trylock(pthread_mutex_t* mutex) {
  CHICANE_CALL(call, real().pthread_mutex_trylock(mutex));
  return lock(call, mutex, OperationKind::try_lock, 0);
}
CHICANE_EXPORT int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* time) {
  CHICANE_CALL(call, real().pthread_mutex_timedlock(mutex, time));
  if (!is_time(time)) return EINVAL;
  return lock(call, mutex, OperationKind::lock, deadline_of(engine(), CLOCK_REALTIME, *time));
}
CHICANE_EXPORT int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* time) {
  CHICANE_CALL(call, real().pthread_mutex_clocklock(mutex, clock, time));
  if (!is_time(time)) return EINVAL;
  return lock(call, mutex, OperationKind::lock, deadline_of(engine(), clock, *time));
}
CHICANE_EXPORT int pthread_mutex_unlock(pthread_mutex_t* mutex) {
  CHICANE_CALL(call, real().pthread_mutex_unlock(mutex));
  return engine().unlock(call.thread(), model_of(mutex), call.pc());
}
CHICANE_EXPORT int pthread_mutex_consistent(pthread_mutex_t* mutex) {
  CHICANE_CALL(call, real().pthread_mutex_consistent(mutex));
  return model_of(mutex).make_consistent(call.thread().id);
}

CHICANE_EXPORT int pthread_spin_init(pthread_spinlock_t* lock, int shared) {
  CHICANE_CALL(call, real().pthread_spin_init(lock, shared));
  engine().forget(const_cast<int*>(lock));
  return real().pthread_spin_init(lock, shared);
}
CHICANE_EXPORT int pthread_spin_destroy(pthread_spinlock_t* lock) {
  CHICANE_CALL(call, real().pthread_spin_destroy(lock));
  Mutex& known = model_of(lock);
  engine().destroy(call.thread(), known, known.owner != no_thread, call.pc());
  engine().forget(const_cast<int*>(lock));
  return 0;
}
CHICANE_EXPORT int pthread_spin_lock(pthread_spinlock_t* lock) {
  CHICANE_CALL(call, real().pthread_spin_lock(lock));
  return engine().lock(call.thread(), model_of(lock), OperationKind::lock, 0, call.pc());
}
CHICANE_EXPORT int pthread_spin_trylock(pthread_spinlock_t* lock) {
  CHICANE_CALL(call, real().pthread_spin_trylock(lock));
  return engine().lock(call.thread(), model_of(lock), OperationKind::try_lock, 0, call.pc());
}
CHICANE_EXPORT int pthread_spin_unlock(pthread_spinlock_t* lock) {
  CHICANE_CALL(call, real().pthread_spin_unlock(lock));
  return engine().unlock(call.thread(), model_of(lock), call.pc());
}

CHICANE_EXPORT int pthread_rwlock_init(pthread_rwlock_t* lock, const pthread_rwlockattr_t* attributes) {
  CHICANE_CALL(call, real().pthread_rwlock_init(lock, attributes));
  engine().forget(lock);
  return real().pthread_rwlock_init(lock, attributes);
}
CHICANE_EXPORT int pthread_rwlock_destroy(pthread_rwlock_t* lock) {
  CHICANE_CALL(call, real().pthread_rwlock_destroy(lock));
  auto* known = engine().object_at<RwLock>(lock, ObjectKind::rwlock);
  if (known == nullptr) return 0;
  engine().destroy(call.thread(), *known, known->writer != no_thread || !known->readers.empty(), call.pc());
  engine().forget(lock);
  return 0;
}

#define CHICANE_RWLOCK(prefix, write, plain_kind, try_kind)                                               \
  CHICANE_EXPORT int pthread_rwlock_##prefix##lock(pthread_rwlock_t* object) {                            \
    CHICANE_CALL(call, real().pthread_rwlock_##prefix##lock(object));                                     \
    return lock(call, object, write, plain_kind, 0);                                                      \
  }                                                                                                       \
  CHICANE_EXPORT int pthread_rwlock_try##prefix##lock(pthread_rwlock_t* object) {                         \
    CHICANE_CALL(call, real().pthread_rwlock_try##prefix##lock(object));                                  \
    return lock(call, object, write, try_kind, 0);                                                        \
  }                                                                                                       \
  CHICANE_EXPORT int pthread_rwlock_timed##prefix##lock(pthread_rwlock_t* object, const timespec* time) { \
    CHICANE_CALL(call, real().pthread_rwlock_timed##prefix##lock(object, time));                          \
    if (!is_time(time)) return EINVAL;                                                                    \
    return lock(call, object, write, plain_kind, deadline_of(engine(), CLOCK_REALTIME, *time));           \
  }                                                                                                       \
  CHICANE_EXPORT int pthread_rwlock_clock##prefix##lock(pthread_rwlock_t* object, clockid_t clock,        \
                                                        const timespec* time) {                           \
    CHICANE_CALL(call, real().pthread_rwlock_clock##prefix##lock(object, clock, time));                   \
    if (!is_time(time)) return EINVAL;                                                                    \
    return lock(call, object, write, plain_kind, deadline_of(engine(), clock, *time));                    \
  }
CHICANE_RWLOCK(rd, false, OperationKind::read_lock, OperationKind::try_read_lock)
CHICANE_RWLOCK(wr, true, OperationKind::lock, OperationKind::try_lock)

CHICANE_EXPORT int pthread_rwlock_unlock(pthread_rwlock_t* lock) {
  CHICANE_CALL(call, real().pthread_rwlock_unlock(lock));
  return engine().read_write_unlock(call.thread(), model_of(lock), call.pc());
}
