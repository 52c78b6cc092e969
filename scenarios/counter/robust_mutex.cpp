// A process dies in the midst of an increment, with the mutex. The mutex is robust: whoever locks it next is told so
// (EOWNERDEAD), finds the half-done work, mends it, and says that all is well again (pthread_mutex_consistent).
// The interleaving that matters is a death between `begun` and `done`; here every turn has one.
// With a mutex that is not robust, a bad run never ends: the owner that everybody waits for is gone.
#include <chicane/scenario.h>

#include <cerrno>
#include <pthread.h>

#include "scenarios/processes/forked.h"

struct Ledger {
  pthread_mutex_t mutex;
  long begun = 0, done = 0;

  Ledger() {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  ~Ledger() { pthread_mutex_destroy(&mutex); }
};

struct RobustMutexCounter {
  SharedMemory<Ledger> ledger;
  long owners_found_dead = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      fork_and_wait(1, [this](std::size_t) {
        pthread_mutex_lock(&ledger->mutex);
        ++ledger->begun;
        _exit(0);  // dies here: `done` is missing, and the mutex is still its own
      });
      if (pthread_mutex_lock(&ledger->mutex) == EOWNERDEAD) {
        ++owners_found_dead;
        ledger->done = ledger->begun;
        pthread_mutex_consistent(&ledger->mutex);
      }
      pthread_mutex_unlock(&ledger->mutex);
    }
  }
  void check(chicane::Check& check) const {
    check.equal("owners found dead", owners_found_dead, check.operations());
    check.equal("increments", ledger->done, check.operations());
  }
};

CHICANE_SCENARIO("counter/robust-mutex", RobustMutexCounter)
    .says("a process dies with the mutex of a counter; the next owner is told, and mends it")
    .exactly_workers(1)
    .operation("one owner's death, noticed and mended")
    .not_judged_in("tsan", CHICANE_FORKED_UNSEEN)
    .not_judged_in("explore", CHICANE_FORKED_UNCONTROLLED)
    .tag("more");
