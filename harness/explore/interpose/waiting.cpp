// pthread_cond_*, sem_*, pthread_barrier_*, pthread_once and the guards of function-local statics.
#include <cstdarg>
#include <semaphore.h>

#include "harness/explore/interpose/call.h"

using namespace chicane::explore;

extern "C" int pthread_mutex_lock(pthread_mutex_t*);

namespace chicane::explore {
Mutex& mutex_model_of(pthread_mutex_t* mutex);
}

namespace {

Condition& model_of(pthread_cond_t* condition) {
  Engine& self = engine();
  if (auto* known = self.object_at<Condition>(condition, ObjectKind::condition)) return *known;
  return self.make_object<Condition>(condition);
}

// As pthread_condattr_setclock left it in the object (glibc: bit 1 of the number of waiters' word).
clockid_t clock_of(const pthread_cond_t* condition) {
  return (condition->__data.__wrefs & 2) != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

Semaphore& model_of(sem_t* semaphore) {
  Engine& self = engine();
  if (auto* known = self.object_at<Semaphore>(semaphore, ObjectKind::semaphore)) return *known;
  int value = 0;
  real().sem_getvalue(semaphore, &value);
  return self.make_object<Semaphore>(semaphore, static_cast<std::uint32_t>(value > 0 ? value : 0));
}

Barrier* model_of(pthread_barrier_t* barrier) {
  Engine& self = engine();
  if (auto* known = self.object_at<Barrier>(barrier, ObjectKind::barrier)) return known;
  // Made before control began: glibc keeps the count in the third word.
  const auto count = reinterpret_cast<const unsigned*>(barrier)[2];
  return count == 0 ? nullptr : &self.make_object<Barrier>(barrier, count);
}

int wait(Call& call, pthread_cond_t* condition, pthread_mutex_t* mutex, std::uint64_t deadline) {
  return engine().wait(call.thread(), model_of(condition), mutex_model_of(mutex), deadline, call.pc());
}

Once& once_at(const void* address, ObjectKind kind, bool done) {
  Engine& self = engine();
  if (auto* known = self.object_at<Once>(address, kind)) return *known;
  Object* made = self.make_once(address, kind);
  auto& once = static_cast<Once&>(*made);
  if (done) once.finish();
  return once;
}

}  // namespace

CHICANE_EXPORT int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes) {
  CHICANE_CALL(call, real().pthread_cond_init(condition, attributes));
  engine().forget(condition);
  return real().pthread_cond_init(condition, attributes);
}
CHICANE_EXPORT int pthread_cond_destroy(pthread_cond_t* condition) {
  CHICANE_CALL(call, real().pthread_cond_destroy(condition));
  auto* known = engine().object_at<Condition>(condition, ObjectKind::condition);
  if (known == nullptr) return 0;
  engine().destroy(call.thread(), *known, !known->sleepers.empty(), call.pc());
  engine().forget(condition);
  return 0;
}
CHICANE_EXPORT int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  const CancellationPoint may_end;
  CHICANE_CALL(call, real().pthread_cond_wait(condition, mutex));
  return wait(call, condition, mutex, 0);
}
CHICANE_EXPORT int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* time) {
  const CancellationPoint may_end;
  CHICANE_CALL(call, real().pthread_cond_timedwait(condition, mutex, time));
  if (!is_time(time)) return EINVAL;
  return wait(call, condition, mutex, deadline_of(engine(), clock_of(condition), *time));
}
CHICANE_EXPORT int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                          const timespec* time) {
  const CancellationPoint may_end;
  CHICANE_CALL(call, real().pthread_cond_clockwait(condition, mutex, clock, time));
  if (!is_time(time)) return EINVAL;
  return wait(call, condition, mutex, deadline_of(engine(), clock, *time));
}
CHICANE_EXPORT int pthread_cond_signal(pthread_cond_t* condition) {
  CHICANE_CALL(call, real().pthread_cond_signal(condition));
  engine().notify(call.thread(), model_of(condition), false, call.pc());
  return 0;
}
CHICANE_EXPORT int pthread_cond_broadcast(pthread_cond_t* condition) {
  CHICANE_CALL(call, real().pthread_cond_broadcast(condition));
  engine().notify(call.thread(), model_of(condition), true, call.pc());
  return 0;
}

CHICANE_EXPORT int sem_init(sem_t* semaphore, int shared, unsigned value) {
  CHICANE_CALL(call, real().sem_init(semaphore, shared, value));
  engine().forget(semaphore);
  return real().sem_init(semaphore, shared, value);
}
CHICANE_EXPORT int sem_destroy(sem_t* semaphore) {
  CHICANE_CALL(call, real().sem_destroy(semaphore));
  auto* known = engine().object_at<Semaphore>(semaphore, ObjectKind::semaphore);
  if (known == nullptr) return 0;
  engine().destroy(call.thread(), *known, engine().is_waited_for(*known), call.pc());
  engine().forget(semaphore);
  return 0;
}
CHICANE_EXPORT int sem_wait(sem_t* semaphore) {
  const CancellationPoint may_end;
  CHICANE_CALL(call, real().sem_wait(semaphore));
  return call.fails_with(engine().sem_wait(call.thread(), model_of(semaphore), OperationKind::sem_wait, 0, call.pc()));
}
CHICANE_EXPORT int sem_trywait(sem_t* semaphore) {
  CHICANE_CALL(call, real().sem_trywait(semaphore));
  return call.fails_with(
      engine().sem_wait(call.thread(), model_of(semaphore), OperationKind::sem_try_wait, 0, call.pc()));
}
CHICANE_EXPORT int sem_timedwait(sem_t* semaphore, const timespec* time) {
  const CancellationPoint may_end;
  CHICANE_CALL(call, real().sem_timedwait(semaphore, time));
  if (!is_time(time)) return call.fails_with(EINVAL);
  return call.fails_with(engine().sem_wait(call.thread(), model_of(semaphore), OperationKind::sem_wait,
                                           deadline_of(engine(), CLOCK_REALTIME, *time), call.pc()));
}
CHICANE_EXPORT int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* time) {
  const CancellationPoint may_end;
  CHICANE_CALL(call, real().sem_clockwait(semaphore, clock, time));
  if (!is_time(time)) return call.fails_with(EINVAL);
  return call.fails_with(engine().sem_wait(call.thread(), model_of(semaphore), OperationKind::sem_wait,
                                           deadline_of(engine(), clock, *time), call.pc()));
}
CHICANE_EXPORT int sem_post(sem_t* semaphore) {
  CHICANE_CALL(call, real().sem_post(semaphore));
  return call.fails_with(engine().sem_post(call.thread(), model_of(semaphore), call.pc()));
}
CHICANE_EXPORT int sem_getvalue(sem_t* semaphore, int* value) {
  CHICANE_CALL(call, real().sem_getvalue(semaphore, value));
  *value = static_cast<int>(model_of(semaphore).value);
  return 0;
}

CHICANE_EXPORT int pthread_barrier_init(pthread_barrier_t* barrier, const pthread_barrierattr_t* attributes,
                                        unsigned count) {
  CHICANE_CALL(call, real().pthread_barrier_init(barrier, attributes, count));
  if (count == 0) return EINVAL;
  const int failed = real().pthread_barrier_init(barrier, attributes, count);
  if (failed == 0) engine().make_object<Barrier>(barrier, count);
  return failed;
}
CHICANE_EXPORT int pthread_barrier_destroy(pthread_barrier_t* barrier) {
  CHICANE_CALL(call, real().pthread_barrier_destroy(barrier));
  if (Barrier* known = model_of(barrier)) engine().destroy(call.thread(), *known, known->arrived != 0, call.pc());
  engine().forget(barrier);
  return 0;
}
CHICANE_EXPORT int pthread_barrier_wait(pthread_barrier_t* barrier) {
  CHICANE_CALL(call, real().pthread_barrier_wait(barrier));
  Barrier* known = model_of(barrier);
  return known == nullptr ? EINVAL : engine().barrier_wait(call.thread(), *known, call.pc());
}

CHICANE_EXPORT int pthread_once(pthread_once_t* once, void (*function)()) {
  Thread* const thread = current;
  if (thread == nullptr) return real().pthread_once(once, function);
  constexpr int glibc_done = 2;
  void* const returns_to = __builtin_return_address(0);
  void* const frame = __builtin_frame_address(0);
  bool runs = false;
  {
    Call call(*thread, returns_to, frame);
    runs = engine().once_begin(*thread, once_at(once, ObjectKind::once, *once == glibc_done), call.pc());
  }
  if (!runs) return 0;
  try {
    function();
  } catch (...) {
    Call call(*thread, returns_to, frame);
    engine().once_end(*thread, once_at(once, ObjectKind::once, false), false, call.pc());
    throw;
  }
  Call call(*thread, returns_to, frame);
  engine().once_end(*thread, once_at(once, ObjectKind::once, false), true, call.pc());
  *once = glibc_done;
  return 0;
}

// The guard's first byte is 1 when the static is there (Itanium C++ ABI): the compiler's own load of it stands before
// each call, as an acquire load.
CHICANE_EXPORT int __cxa_guard_acquire(unsigned char* guard) {
  CHICANE_CALL(call, real().cxa_guard_acquire(guard));
  return engine().once_begin(call.thread(), once_at(guard, ObjectKind::guard, *guard != 0), call.pc()) ? 1 : 0;
}
CHICANE_EXPORT void __cxa_guard_release(unsigned char* guard) {
  CHICANE_CALL(call, real().cxa_guard_release(guard));
  engine().once_end(call.thread(), once_at(guard, ObjectKind::guard, false), true, call.pc());
  engine().publish(call.thread(), guard, call.pc());
  *guard = 1;
}
CHICANE_EXPORT void __cxa_guard_abort(unsigned char* guard) {
  CHICANE_CALL(call, real().cxa_guard_abort(guard));
  engine().once_end(call.thread(), once_at(guard, ObjectKind::guard, false), false, call.pc());
}
