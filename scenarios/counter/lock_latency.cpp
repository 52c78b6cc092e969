// How long a worker waits for a lock that all want. Counts are right because the locks are: one worker at a time is
// between lock() and unlock(). What differs is who waits how long: a mutex's waiter sleeps and has to be woken, and a
// spin lock's may lose its CPU to the others or to the holder.
// The reading of the clock inside the lock makes it longer: time per operation here is not that of the twins without.
// A bad run would lose increments, as counter/unlocked does.
#include <chicane/scenario.h>

#include <cstdint>
#include <mutex>

#include "scenarios/counter/spin_locks.h"

template <typename Lock>
struct TimedCounter {
  Lock lock;
  long total = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const auto wanted = worker.now();
      std::int64_t got = 0;
      {
        const std::lock_guard guard(lock);
        got = worker.now();
        ++total;
      }
      worker.record_ns(got - wanted);
    }
  }
  void check(chicane::Check& check) const { check.equal("total", total, check.operations()); }
};

using TimedMutexCounter = TimedCounter<std::mutex>;
using TimedSpinCounter = TimedCounter<SpinLock<WaitWithYield>>;

CHICANE_SCENARIO("counter/locked-latency", TimedMutexCounter)
    .says("how long workers wait for a std::mutex")
    .latency("from wanting the lock to having it")
    .operation("one increment, with time stamps")
    .tag("more");

CHICANE_SCENARIO("counter/spin-lock-latency", TimedSpinCounter)
    .says("how long workers wait for a spin lock that yields between two looks")
    .latency("from wanting the lock to having it")
    .operation("one increment, with time stamps")
    .tag("more");
