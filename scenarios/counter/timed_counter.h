// How long a worker waits for a lock that all want. Counts are right because the locks are: one worker at a time is
// between lock() and unlock(). What differs is who waits how long.
// The reading of the clock inside the lock makes it longer: time per operation here is not that of the twins without.
#pragma once

#include <chicane/scenario.h>

#include <cstdint>
#include <mutex>

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
