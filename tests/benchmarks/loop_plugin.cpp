// The timed loop's two bodies as a plugin; loop.cpp has the same by hand.
#include <chicane/scenario.h>

#include <atomic>
#include <mutex>

namespace {

struct AtomicAdd {
  std::atomic<long> total = 0;
  void work(chicane::Worker& worker) {
    for (auto _ : worker) total.fetch_add(1, std::memory_order_relaxed);  // nothing else is ordered by it
  }
  void check(chicane::Check& check) const { check.equal("total", total.load(), check.operations()); }
};
CHICANE_SCENARIO("loop/atomic", AtomicAdd).says("workers add to one atomic");

struct MutexAdd {
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
CHICANE_SCENARIO("loop/mutex", MutexAdd).says("workers add under one mutex");

}  // namespace
