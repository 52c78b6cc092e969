// Our own pthread functions in front of TSan's, which remain reachable under the names ___interceptor_*. TSan's are
// weak for this purpose. The executable exports them, so that plugins and libraries call them too.
//
// Compiled without instrumentation. Each wraps TSan's in __tsan_func_entry and _exit with its own caller: TSan takes
// the caller's place in a stack from the return address, and that would be inside these functions otherwise.
// They stand in a section of their own, so that their frames can be left out of stacks.
#include <cerrno>
#include <pthread.h>

#include "harness/runner/lanes/tsan_lock_recorder.h"
#include "harness/runner/lanes/tsan_raw.h"
#include "harness/runner/lanes/tsan_watch.h"
#include "harness/runner/lanes/wait_ledger.h"

#define CHICANE_INTERPOSED \
  extern "C" __attribute__((section("chicane_interposed"), visibility("default"), noinline, used))

extern "C" {
void __tsan_func_entry(void* caller);
void __tsan_func_exit();

int ___interceptor_pthread_mutex_init(pthread_mutex_t*, const pthread_mutexattr_t*);
int ___interceptor_pthread_mutex_destroy(pthread_mutex_t*);
int ___interceptor_pthread_mutex_lock(pthread_mutex_t*);
int ___interceptor_pthread_mutex_trylock(pthread_mutex_t*);
int ___interceptor_pthread_mutex_timedlock(pthread_mutex_t*, const timespec*);
int ___interceptor_pthread_mutex_clocklock(pthread_mutex_t*, clockid_t, const timespec*);
int ___interceptor_pthread_mutex_unlock(pthread_mutex_t*);

int ___interceptor_pthread_rwlock_init(pthread_rwlock_t*, const pthread_rwlockattr_t*);
int ___interceptor_pthread_rwlock_destroy(pthread_rwlock_t*);
int ___interceptor_pthread_rwlock_rdlock(pthread_rwlock_t*);
int ___interceptor_pthread_rwlock_tryrdlock(pthread_rwlock_t*);
int ___interceptor_pthread_rwlock_timedrdlock(pthread_rwlock_t*, const timespec*);
int ___interceptor_pthread_rwlock_wrlock(pthread_rwlock_t*);
int ___interceptor_pthread_rwlock_trywrlock(pthread_rwlock_t*);
int ___interceptor_pthread_rwlock_timedwrlock(pthread_rwlock_t*, const timespec*);
int ___interceptor_pthread_rwlock_unlock(pthread_rwlock_t*);

int ___interceptor_pthread_spin_init(pthread_spinlock_t*, int);
int ___interceptor_pthread_spin_destroy(pthread_spinlock_t*);
int ___interceptor_pthread_spin_lock(pthread_spinlock_t*);
int ___interceptor_pthread_spin_trylock(pthread_spinlock_t*);
int ___interceptor_pthread_spin_unlock(pthread_spinlock_t*);

int ___interceptor_pthread_cond_init(pthread_cond_t*, const pthread_condattr_t*);
int ___interceptor_pthread_cond_destroy(pthread_cond_t*);
int ___interceptor_pthread_cond_signal(pthread_cond_t*);
int ___interceptor_pthread_cond_broadcast(pthread_cond_t*);
int ___interceptor_pthread_cond_wait(pthread_cond_t*, pthread_mutex_t*);
int ___interceptor_pthread_cond_timedwait(pthread_cond_t*, pthread_mutex_t*, const timespec*);
int ___interceptor_pthread_cond_clockwait(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*);

int ___interceptor_pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
int ___interceptor_pthread_join(pthread_t, void**);
int ___interceptor_pthread_tryjoin_np(pthread_t, void**);
int ___interceptor_pthread_timedjoin_np(pthread_t, void**, const timespec*);
int ___interceptor_pthread_detach(pthread_t);

void ___interceptor__exit(int);

extern const char __start_chicane_interposed[];  // by the linker
extern const char __stop_chicane_interposed[];
extern const char __start_chicane_thread_root[];
extern const char __stop_chicane_thread_root[];
}

namespace chicane::tsan {
namespace {

// The caller stands in TSan's stack while an interposed function runs. Inlined: the functions below are the callers.
struct CallerInStack {
  [[gnu::always_inline]] explicit CallerInStack(void* caller) { __tsan_func_entry(caller); }
  [[gnu::always_inline]] ~CallerInStack() { __tsan_func_exit(); }  // also when a cancelled thread unwinds
  CallerInStack(const CallerInStack&) = delete;
};

[[gnu::always_inline]] inline int took(int result, const void* mutex, bool shared) {
  // A robust mutex is held too when its last owner died.
  if (result == 0 || result == EOWNERDEAD) locked(mutex, shared);
  return result;
}

struct Waiting {  // counted also when a cancelled wait unwinds
  [[gnu::always_inline]] Waiting(const pthread_cond_t* what, const pthread_mutex_t* mutex) : condition(what) {
    before_wait(mutex);
    wait_ledger::waits(condition);
  }
  [[gnu::always_inline]] ~Waiting() { wait_ledger::came_back(condition); }
  Waiting(const Waiting&) = delete;
  const pthread_cond_t* condition;
};

struct EndOfThread {  // also on pthread_exit, which unwinds
  ~EndOfThread() { thread_ends(); }
};

[[gnu::section("chicane_thread_root"), gnu::noinline]] void* run_thread(void* data) {
  auto* record = static_cast<ThreadRecord*>(data);
  thread_runs(record, pthread_self());
  const EndOfThread end;
  const HandlerStack handler_stack;
  return record->routine(record->argument);
}

}  // namespace

bool in_interposer(std::uintptr_t address) {
  return address >= reinterpret_cast<std::uintptr_t>(__start_chicane_interposed) &&
         address <= reinterpret_cast<std::uintptr_t>(__stop_chicane_interposed);
}

bool in_thread_root(std::uintptr_t address) {
  return address >= reinterpret_cast<std::uintptr_t>(__start_chicane_thread_root) &&
         address <= reinterpret_cast<std::uintptr_t>(__stop_chicane_thread_root);
}

}  // namespace chicane::tsan

using chicane::tsan::before_lock;
using chicane::tsan::CallerInStack;
using chicane::tsan::forget_mutex;
using chicane::tsan::took;
using chicane::tsan::unlocked;
using chicane::tsan::Waiting;

#define CHICANE_ENTER const CallerInStack caller_in_stack(__builtin_return_address(0))

// Only what waits without end can deadlock: trylock and the timed ones make no edge, but what they took is held.
CHICANE_INTERPOSED int pthread_mutex_lock(pthread_mutex_t* mutex) {
  CHICANE_ENTER;
  before_lock(mutex, false);
  return took(___interceptor_pthread_mutex_lock(mutex), mutex, false);
}
CHICANE_INTERPOSED int pthread_mutex_trylock(pthread_mutex_t* mutex) {
  CHICANE_ENTER;
  return took(___interceptor_pthread_mutex_trylock(mutex), mutex, false);
}
CHICANE_INTERPOSED int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* until) {
  CHICANE_ENTER;
  return took(___interceptor_pthread_mutex_timedlock(mutex, until), mutex, false);
}
CHICANE_INTERPOSED int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* until) {
  CHICANE_ENTER;
  return took(___interceptor_pthread_mutex_clocklock(mutex, clock, until), mutex, false);
}
CHICANE_INTERPOSED int pthread_mutex_unlock(pthread_mutex_t* mutex) {
  CHICANE_ENTER;
  unlocked(mutex);
  return ___interceptor_pthread_mutex_unlock(mutex);
}
CHICANE_INTERPOSED int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) {
  CHICANE_ENTER;
  forget_mutex(mutex);
  return ___interceptor_pthread_mutex_init(mutex, attributes);
}
CHICANE_INTERPOSED int pthread_mutex_destroy(pthread_mutex_t* mutex) {
  CHICANE_ENTER;
  forget_mutex(mutex);
  return ___interceptor_pthread_mutex_destroy(mutex);
}

CHICANE_INTERPOSED int pthread_rwlock_rdlock(pthread_rwlock_t* lock) {
  CHICANE_ENTER;
  before_lock(lock, true);
  return took(___interceptor_pthread_rwlock_rdlock(lock), lock, true);
}
CHICANE_INTERPOSED int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) {
  CHICANE_ENTER;
  return took(___interceptor_pthread_rwlock_tryrdlock(lock), lock, true);
}
CHICANE_INTERPOSED int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock, const timespec* until) {
  CHICANE_ENTER;
  return took(___interceptor_pthread_rwlock_timedrdlock(lock, until), lock, true);
}
CHICANE_INTERPOSED int pthread_rwlock_wrlock(pthread_rwlock_t* lock) {
  CHICANE_ENTER;
  before_lock(lock, false);
  return took(___interceptor_pthread_rwlock_wrlock(lock), lock, false);
}
CHICANE_INTERPOSED int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) {
  CHICANE_ENTER;
  return took(___interceptor_pthread_rwlock_trywrlock(lock), lock, false);
}
CHICANE_INTERPOSED int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock, const timespec* until) {
  CHICANE_ENTER;
  return took(___interceptor_pthread_rwlock_timedwrlock(lock, until), lock, false);
}
CHICANE_INTERPOSED int pthread_rwlock_unlock(pthread_rwlock_t* lock) {
  CHICANE_ENTER;
  unlocked(lock);
  return ___interceptor_pthread_rwlock_unlock(lock);
}
CHICANE_INTERPOSED int pthread_rwlock_init(pthread_rwlock_t* lock, const pthread_rwlockattr_t* attributes) {
  CHICANE_ENTER;
  forget_mutex(lock);
  return ___interceptor_pthread_rwlock_init(lock, attributes);
}
CHICANE_INTERPOSED int pthread_rwlock_destroy(pthread_rwlock_t* lock) {
  CHICANE_ENTER;
  forget_mutex(lock);
  return ___interceptor_pthread_rwlock_destroy(lock);
}

CHICANE_INTERPOSED int pthread_spin_lock(pthread_spinlock_t* lock) {
  CHICANE_ENTER;
  before_lock(const_cast<int*>(lock), false);
  return took(___interceptor_pthread_spin_lock(lock), const_cast<int*>(lock), false);
}
CHICANE_INTERPOSED int pthread_spin_trylock(pthread_spinlock_t* lock) {
  CHICANE_ENTER;
  return took(___interceptor_pthread_spin_trylock(lock), const_cast<int*>(lock), false);
}
CHICANE_INTERPOSED int pthread_spin_unlock(pthread_spinlock_t* lock) {
  CHICANE_ENTER;
  unlocked(const_cast<int*>(lock));
  return ___interceptor_pthread_spin_unlock(lock);
}
CHICANE_INTERPOSED int pthread_spin_init(pthread_spinlock_t* lock, int shared) {
  CHICANE_ENTER;
  forget_mutex(const_cast<int*>(lock));
  return ___interceptor_pthread_spin_init(lock, shared);
}
CHICANE_INTERPOSED int pthread_spin_destroy(pthread_spinlock_t* lock) {
  CHICANE_ENTER;
  forget_mutex(const_cast<int*>(lock));
  return ___interceptor_pthread_spin_destroy(lock);
}

// A wait gives its mutex back and asks for it again with everything else still held.
CHICANE_INTERPOSED int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  CHICANE_ENTER;
  const Waiting waiting(condition, mutex);
  return ___interceptor_pthread_cond_wait(condition, mutex);
}
CHICANE_INTERPOSED int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                              const timespec* until) {
  CHICANE_ENTER;
  const Waiting waiting(condition, mutex);
  return ___interceptor_pthread_cond_timedwait(condition, mutex, until);
}
CHICANE_INTERPOSED int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                              const timespec* until) {
  CHICANE_ENTER;
  const Waiting waiting(condition, mutex);
  return ___interceptor_pthread_cond_clockwait(condition, mutex, clock, until);
}

CHICANE_INTERPOSED int pthread_cond_signal(pthread_cond_t* condition) {
  CHICANE_ENTER;
  chicane::wait_ledger::notified(condition);
  return ___interceptor_pthread_cond_signal(condition);
}
CHICANE_INTERPOSED int pthread_cond_broadcast(pthread_cond_t* condition) {
  CHICANE_ENTER;
  chicane::wait_ledger::notified(condition);
  return ___interceptor_pthread_cond_broadcast(condition);
}
CHICANE_INTERPOSED int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes) {
  CHICANE_ENTER;
  chicane::wait_ledger::forget(condition);
  return ___interceptor_pthread_cond_init(condition, attributes);
}
CHICANE_INTERPOSED int pthread_cond_destroy(pthread_cond_t* condition) {
  CHICANE_ENTER;
  chicane::wait_ledger::forget(condition);
  return ___interceptor_pthread_cond_destroy(condition);
}

CHICANE_INTERPOSED int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*routine)(void*),
                                      void* argument) {
  CHICANE_ENTER;
  int state = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &state);
  auto* record = chicane::tsan::start_thread(routine, argument, state == PTHREAD_CREATE_DETACHED);
  if (record == nullptr) return ___interceptor_pthread_create(thread, attributes, routine, argument);
  const std::uint32_t index = record->index;
  const int result = ___interceptor_pthread_create(thread, attributes, chicane::tsan::run_thread, record);
  if (result == 0)
    chicane::tsan::thread_started(record, index, *thread);
  else
    chicane::tsan::start_failed(record);
  return result;
}
CHICANE_INTERPOSED int pthread_join(pthread_t thread, void** value) {
  CHICANE_ENTER;
  const auto joinable = chicane::tsan::find_thread(thread);  // before: the handle may be reused at once
  const int result = ___interceptor_pthread_join(thread, value);
  if (result == 0) chicane::tsan::thread_joined(joinable);
  return result;
}
CHICANE_INTERPOSED int pthread_tryjoin_np(pthread_t thread, void** value) {
  CHICANE_ENTER;
  const auto joinable = chicane::tsan::find_thread(thread);
  const int result = ___interceptor_pthread_tryjoin_np(thread, value);
  if (result == 0) chicane::tsan::thread_joined(joinable);
  return result;
}
CHICANE_INTERPOSED int pthread_timedjoin_np(pthread_t thread, void** value, const timespec* until) {
  CHICANE_ENTER;
  const auto joinable = chicane::tsan::find_thread(thread);
  const int result = ___interceptor_pthread_timedjoin_np(thread, value, until);
  if (result == 0) chicane::tsan::thread_joined(joinable);
  return result;
}
CHICANE_INTERPOSED int pthread_detach(pthread_t thread) {
  CHICANE_ENTER;
  const int result = ___interceptor_pthread_detach(thread);
  if (result == 0) chicane::tsan::thread_detached(thread);
  return result;
}

// No handler and no destructor runs at these ends: what was reported is sent first.
CHICANE_INTERPOSED void _exit(int status) {
  chicane::tsan::send_before_the_end();
  ___interceptor__exit(status);
  __builtin_unreachable();
}
CHICANE_INTERPOSED void _Exit(int status) {
  chicane::tsan::send_before_the_end();
  ___interceptor__exit(status);
  __builtin_unreachable();
}
