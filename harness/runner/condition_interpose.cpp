// Condition variables of the plain and asan runners, seen on their way into the C library, so that a lost wake-up can
// be told from a hang. The executable exports these functions; plugins and libstdc++ call them. ThreadSanitizer's
// runner has its own (lanes/tsan_interpose.cpp).
#include <dlfcn.h>
#include <pthread.h>
#include <time.h>

#include "harness/runner/lanes/wait_ledger.h"

#define CHICANE_INTERPOSED extern "C" __attribute__((visibility("default"), noinline, used))

namespace {

// The C library keeps an older set of these under the same names, which another layout of the object belongs to.
template <typename Function>
Function* following(const char* name, const char* version) {
  void* found = dlvsym(RTLD_NEXT, name, version);
  if (found == nullptr) found = dlsym(RTLD_NEXT, name);
  return reinterpret_cast<Function*>(found);
}

constexpr const char* first_of_this_layout = "GLIBC_2.3.2";

// A cancelled wait unwinds.
struct Waiting {
  explicit Waiting(pthread_cond_t* what) : condition(what) { chicane::wait_ledger::waits(condition); }
  ~Waiting() { chicane::wait_ledger::came_back(condition); }
  Waiting(const Waiting&) = delete;
  pthread_cond_t* condition;
};

}  // namespace

CHICANE_INTERPOSED int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  static auto* const real = following<int(pthread_cond_t*)>("pthread_cond_signal", first_of_this_layout);
  chicane::wait_ledger::notified(condition);
  return real(condition);
}
CHICANE_INTERPOSED int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  static auto* const real = following<int(pthread_cond_t*)>("pthread_cond_broadcast", first_of_this_layout);
  chicane::wait_ledger::notified(condition);
  return real(condition);
}
CHICANE_INTERPOSED int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  static auto* const real =
      following<int(pthread_cond_t*, pthread_mutex_t*)>("pthread_cond_wait", first_of_this_layout);
  const Waiting waiting(condition);
  return real(condition, mutex);
}
CHICANE_INTERPOSED int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                              const timespec* until) {
  static auto* const real = following<int(pthread_cond_t*, pthread_mutex_t*, const timespec*)>("pthread_cond_timedwait",
                                                                                               first_of_this_layout);
  const Waiting waiting(condition);
  return real(condition, mutex, until);
}
CHICANE_INTERPOSED int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                              const timespec* until) {
  static auto* const real = following<int(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*)>(
      "pthread_cond_clockwait", "GLIBC_2.30");
  const Waiting waiting(condition);
  return real(condition, mutex, clock, until);
}
CHICANE_INTERPOSED int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes) noexcept {
  static auto* const real =
      following<int(pthread_cond_t*, const pthread_condattr_t*)>("pthread_cond_init", first_of_this_layout);
  chicane::wait_ledger::forget(condition);
  return real(condition, attributes);
}
CHICANE_INTERPOSED int pthread_cond_destroy(pthread_cond_t* condition) noexcept {
  static auto* const real = following<int(pthread_cond_t*)>("pthread_cond_destroy", first_of_this_layout);
  chicane::wait_ledger::forget(condition);
  return real(condition);
}
