// The same load, add and store as counter/unlocked, but one mutex makes them one step for everyone who takes it: the
// next holder's load comes after the last holder's store. Safe because no access to `total` is outside the lock; the
// check reads it after all workers have ended.
// With the lock_guard removed, a run loses increments as counter/unlocked does.
#include <chicane/scenario.h>

#include <mutex>

struct LockedCounter {
  std::mutex mutex;
  long total = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const std::lock_guard lock(mutex);
      ++total;
    }
  }
  void check(chicane::Check& check) const { check.equal("total", total, check.operations()); }
};

CHICANE_SCENARIO("counter/locked", LockedCounter)
    .says("workers add to one counter under a std::mutex")
    .also_workers({5})
    .scales()
    .tag("core")
    .tag("library");
