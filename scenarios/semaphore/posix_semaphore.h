// sem_t with the names of std::counting_semaphore.
#pragma once

#include <cerrno>
#include <semaphore.h>

class PosixSemaphore {
 public:
  explicit PosixSemaphore(unsigned places) { sem_init(&semaphore_, 0, places); }
  ~PosixSemaphore() { sem_destroy(&semaphore_); }
  PosixSemaphore(const PosixSemaphore&) = delete;
  PosixSemaphore& operator=(const PosixSemaphore&) = delete;

  void acquire() {
    while (sem_wait(&semaphore_) != 0 && errno == EINTR) {
    }
  }
  bool try_acquire() { return sem_trywait(&semaphore_) == 0; }
  void release() { sem_post(&semaphore_); }

 private:
  sem_t semaphore_;
};
