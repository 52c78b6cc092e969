// A plain counter under a lock of any kind. What the lock must do is the twin's business: one worker at a time between
// lock() and unlock(), and what it wrote there is seen by the next.
#pragma once

#include <chicane/scenario.h>

#include <mutex>

template <typename Lock>
struct GuardedCounter {
  Lock lock;
  long total = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const std::lock_guard guard(lock);
      ++total;
    }
  }
  void check(chicane::Check& check) const { check.equal("total", total, check.operations()); }
};
