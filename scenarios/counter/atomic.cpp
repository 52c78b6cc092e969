// fetch_add is one indivisible step: no other worker's store can fall between its load and its store, so the
// interleaving that loses an increment in counter/unlocked does not exist. Safe without a lock.
// With fetch_add taken apart into load and store, there would still be no data race, and increments would be lost.
#include <chicane/scenario.h>

#include <atomic>

struct AtomicCounter {
  std::atomic<long> total = 0;

  void work(chicane::Worker& worker) {
    // Relaxed: only the count itself is shared, no other memory is published through it.
    for (auto _ : worker) total.fetch_add(1, std::memory_order_relaxed);
  }
  void check(chicane::Check& check) const { check.equal("total", total.load(), check.operations()); }
};

CHICANE_SCENARIO("counter/atomic", AtomicCounter)
    .says("workers add to one std::atomic counter")
    .also_workers({5})
    .scales()
    .tag("core");
