// The C library's own functions, which this library replaces for the code under test.
#pragma once

#include <cstddef>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>

namespace chicane::explore {

// clang-format off: it never comes to rest on this list
#define CHICANE_REAL_FUNCTIONS(F)                                                                                      \
  F(pthread_create)                                                                                                    \
  F(pthread_join) F(pthread_tryjoin_np) F(pthread_timedjoin_np) F(pthread_clockjoin_np) F(pthread_detach)              \
      F(pthread_exit) F(pthread_sigmask) F(pthread_setname_np) F(pthread_cancel) F(pthread_mutex_init)                 \
          F(pthread_mutex_destroy) F(pthread_mutex_lock) F(pthread_mutex_trylock) F(pthread_mutex_timedlock)           \
              F(pthread_mutex_clocklock) F(pthread_mutex_unlock) F(pthread_mutex_consistent) F(pthread_cond_init)      \
                  F(pthread_cond_destroy) F(pthread_cond_wait) F(pthread_cond_timedwait) F(pthread_cond_clockwait) F(  \
                      pthread_cond_signal) F(pthread_cond_broadcast) F(pthread_rwlock_init) F(pthread_rwlock_destroy)  \
                      F(pthread_rwlock_rdlock) F(pthread_rwlock_tryrdlock) F(pthread_rwlock_timedrdlock) F(            \
                          pthread_rwlock_clockrdlock) F(pthread_rwlock_wrlock) F(pthread_rwlock_trywrlock)             \
                          F(pthread_rwlock_timedwrlock) F(pthread_rwlock_clockwrlock) F(pthread_rwlock_unlock) F(      \
                              pthread_spin_init) F(pthread_spin_destroy) F(pthread_spin_lock) F(pthread_spin_trylock)  \
                              F(pthread_spin_unlock) F(pthread_barrier_init) F(pthread_barrier_destroy)                \
                                  F(pthread_barrier_wait) F(pthread_once) F(pthread_key_create) F(pthread_key_delete)  \
                                      F(pthread_setspecific) F(sem_init) F(sem_destroy) F(sem_wait) F(sem_trywait)     \
                                          F(sem_timedwait) F(sem_clockwait) F(sem_post) F(sem_getvalue) F(sched_yield) \
                                              F(nanosleep) F(clock_nanosleep) F(usleep) F(sleep) F(clock_gettime)      \
                                                  F(gettimeofday) F(time) F(read) F(write) F(readv) F(writev) F(recv)  \
                                                      F(send) F(recvfrom) F(sendto) F(recvmsg) F(sendmsg) F(accept)    \
                                                          F(accept4) F(close) F(poll) F(ppoll) F(select) F(pselect)    \
                                                              F(epoll_wait) F(epoll_pwait) F(pthread_kill) F(raise)    \
                                                                  F(sigwait) F(sigwaitinfo) F(sigtimedwait) F(pause)   \
                                                                      F(sigsuspend) F(alarm) F(setitimer)
// clang-format on

struct RealFunctions {
#define CHICANE_REAL_MEMBER(name) decltype(&::name) name;
  CHICANE_REAL_FUNCTIONS(CHICANE_REAL_MEMBER)
#undef CHICANE_REAL_MEMBER
  long (*syscall)(long, ...);
  int (*cxa_guard_acquire)(void*);
  void (*cxa_guard_release)(void*);
  void (*cxa_guard_abort)(void*);
  int (*cxa_thread_atexit_impl)(void (*)(void*), void*, void*);
  void (*exit)(int);
  void (*immediate_exit)(int);
  void (*abort)();
  bool ready;
};

void* next_function(const char* name);

namespace real_functions {
extern RealFunctions table;
void look_up();
}  // namespace real_functions

inline const RealFunctions& real() {
  if (__builtin_expect(!real_functions::table.ready, 0)) real_functions::look_up();
  return real_functions::table;
}

}  // namespace chicane::explore
