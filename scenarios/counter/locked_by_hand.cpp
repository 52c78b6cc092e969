// counter/locked with lock() and unlock() written out. The interleavings are the same, and so is the price. What
// differs is what happens when the code between them is left another way: lock_guard unlocks on an exception or a
// return, and here nobody does. A bad run would be an exception between the two: every other worker then waits for
// ever.
#include <chicane/scenario.h>

#include <mutex>

struct CounterLockedByHand {
  std::mutex mutex;
  long total = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      mutex.lock();
      ++total;
      mutex.unlock();
    }
  }
  void check(chicane::Check& check) const { check.equal("total", total, check.operations()); }
};

CHICANE_SCENARIO("counter/locked-by-hand", CounterLockedByHand)
    .says("workers add to one counter between lock() and unlock() of a std::mutex")
    .also_workers({5})
    .tag("more");
