// chicane/process_shared.h: primitives that work between worker processes. C++20, header-only, POSIX threads.
//
// The state of a scenario whose workers are processes lies in a mapping that all of them share. What it holds must be
// made for that: lock-free std::atomic without wait(), and the types below. Not std::mutex, std::condition_variable,
// std::counting_semaphore, std::latch, std::barrier or atomic wait: they are made for the threads of one process.
// Pointers, and so std::string, std::vector and the like, lead into one process's own memory: use arrays.
//
// All types here are constructed in place by the harness's one constructing thread, live at one address, and are
// destroyed after the last worker. They work between threads just as well. Errors of the system are std::system_error.
#ifndef CHICANE_PROCESS_SHARED_H
#define CHICANE_PROCESS_SHARED_H

#include <chicane/scenario.h>

#include <cerrno>
#include <mutex>
#include <pthread.h>
#include <semaphore.h>
#include <system_error>

namespace chicane {
inline namespace v1 {

namespace internal {
inline void require(int error, const char* what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}
}  // namespace internal

// A mutex between processes; fits std::lock_guard and std::unique_lock. Robust: if a worker ends while it holds the
// mutex, the next lock() throws (errc::owner_dead) instead of waiting for ever, and so do all later ones.
class ProcessMutex {
 public:
  ProcessMutex() {
    pthread_mutexattr_t attributes;
    internal::require(pthread_mutexattr_init(&attributes), "ProcessMutex: attributes");
    int error = pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    if (error == 0) error = pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    if (error == 0) error = pthread_mutex_init(&mutex_, &attributes);
    pthread_mutexattr_destroy(&attributes);
    internal::require(error, "ProcessMutex: init");
  }
  ~ProcessMutex() { pthread_mutex_destroy(&mutex_); }
  ProcessMutex(const ProcessMutex&) = delete;
  ProcessMutex& operator=(const ProcessMutex&) = delete;

  void lock() { taken(pthread_mutex_lock(&mutex_), "ProcessMutex::lock"); }
  bool try_lock() {
    const int error = pthread_mutex_trylock(&mutex_);
    if (error == EBUSY) return false;
    taken(error, "ProcessMutex::try_lock");
    return true;
  }
  void unlock() { pthread_mutex_unlock(&mutex_); }

  pthread_mutex_t* native_handle() { return &mutex_; }

 private:
  friend class ProcessCondition;
  void taken(int error, const char* what) {
    // Held, but what it guards is in an unknown state: give it up for everyone.
    if (error == EOWNERDEAD) pthread_mutex_unlock(&mutex_);
    internal::require(error, what);
  }
  pthread_mutex_t mutex_;
};

// A condition variable for ProcessMutex. As ever, wait in a loop or with a predicate: it may wake without a reason.
class ProcessCondition {
 public:
  ProcessCondition() {
    pthread_condattr_t attributes;
    internal::require(pthread_condattr_init(&attributes), "ProcessCondition: attributes");
    int error = pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    if (error == 0) error = pthread_cond_init(&condition_, &attributes);
    pthread_condattr_destroy(&attributes);
    internal::require(error, "ProcessCondition: init");
  }
  // Not pthread_cond_destroy: glibc's waits for waiters, for ever if one of them was a process that is gone.
  ~ProcessCondition() = default;
  ProcessCondition(const ProcessCondition&) = delete;
  ProcessCondition& operator=(const ProcessCondition&) = delete;

  void wait(std::unique_lock<ProcessMutex>& lock) {
    const int error = pthread_cond_wait(&condition_, lock.mutex()->native_handle());
    if (error == EOWNERDEAD || error == ENOTRECOVERABLE) {
      ProcessMutex* mutex = lock.release();  // taken() gives it up, so the lock must not
      mutex->taken(error, "ProcessCondition::wait");
    }
    internal::require(error, "ProcessCondition::wait");
  }
  template <typename Predicate>
  void wait(std::unique_lock<ProcessMutex>& lock, Predicate holds) {
    while (!holds()) wait(lock);
  }
  void notify_one() { pthread_cond_signal(&condition_); }
  void notify_all() { pthread_cond_broadcast(&condition_); }

 private:
  pthread_cond_t condition_;
};

// A counting semaphore between processes.
class ProcessSemaphore {
 public:
  explicit ProcessSemaphore(unsigned places) {
    if (sem_init(&semaphore_, 1, places) != 0) internal::require(errno, "ProcessSemaphore: init");
  }
  ~ProcessSemaphore() { sem_destroy(&semaphore_); }
  ProcessSemaphore(const ProcessSemaphore&) = delete;
  ProcessSemaphore& operator=(const ProcessSemaphore&) = delete;

  void acquire() {
    while (sem_wait(&semaphore_) != 0)
      if (errno != EINTR) internal::require(errno, "ProcessSemaphore::acquire");
  }
  bool try_acquire() {
    while (sem_trywait(&semaphore_) != 0) {
      if (errno == EAGAIN) return false;
      if (errno != EINTR) internal::require(errno, "ProcessSemaphore::try_acquire");
    }
    return true;
  }
  void release() {
    if (sem_post(&semaphore_) != 0) internal::require(errno, "ProcessSemaphore::release");
  }

 private:
  sem_t semaphore_;
};

// Lets `workers` go on together, again and again.
class ProcessBarrier {
 public:
  explicit ProcessBarrier(unsigned workers) {
    pthread_barrierattr_t attributes;
    internal::require(pthread_barrierattr_init(&attributes), "ProcessBarrier: attributes");
    int error = pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    if (error == 0) error = pthread_barrier_init(&barrier_, &attributes, workers);
    pthread_barrierattr_destroy(&attributes);
    internal::require(error, "ProcessBarrier: init");
  }
  ~ProcessBarrier() = default;  // not destroyed, as ProcessCondition
  ProcessBarrier(const ProcessBarrier&) = delete;
  ProcessBarrier& operator=(const ProcessBarrier&) = delete;

  void arrive_and_wait() {
    const int error = pthread_barrier_wait(&barrier_);
    if (error != PTHREAD_BARRIER_SERIAL_THREAD) internal::require(error, "ProcessBarrier::arrive_and_wait");
  }

 private:
  pthread_barrier_t barrier_;
};

}  // namespace v1
}  // namespace chicane

#endif
