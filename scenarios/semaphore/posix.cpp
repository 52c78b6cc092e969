// The POSIX semaphore, sem_t, with two places. Taking a place and finding out that there is one are a single atomic
// step in the C library, so no interleaving lets a third worker in, and a release wakes a waiter if there is one.
// glibc's has no lost wake-up such as libstdc++ 12's counting_semaphore has (semaphore/at-most-two): a waiter that is
// counted is looked for at each release.
// A bad run would be three workers inside at once, or one that sleeps while a place is free.
#include <chicane/scenario.h>

#include <cerrno>
#include <semaphore.h>

#include "scenarios/semaphore/two_places.h"

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

using TwoPlacesPosix = TwoPlaces<PosixSemaphore>;

CHICANE_SCENARIO("semaphore/posix", TwoPlacesPosix)
    .says("a POSIX semaphore lets at most two workers in at once")
    .also_workers({3, 8})
    .tag("more");
