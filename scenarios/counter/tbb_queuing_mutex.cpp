// oneTBB's queuing_mutex: a queue of waiters, each with a flag of its own, as in counter/mcs-lock; its scoped_lock is
// the node. Fair in every interleaving: workers come in in the order in which they asked. A bad run is a slow one: with
// more workers than CPUs the next in line often does not run.
#include <chicane/scenario.h>

#include <oneapi/tbb/queuing_mutex.h>

struct TbbQueuingCounter {
  tbb::queuing_mutex mutex;
  long total = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const tbb::queuing_mutex::scoped_lock lock(mutex);
      ++total;
    }
  }
  void check(chicane::Check& check) const { check.equal("total", total, check.operations()); }
};

CHICANE_SCENARIO("counter/tbb-queuing-mutex", TbbQueuingCounter)
    .says("workers add to one counter under a tbb::queuing_mutex")
    .exactly_workers(2)      // a fair line of more workers than CPUs goes on at the pace of the scheduler's slices
    .time_limit_ms(120'000)  // and one of two does, where something else has their CPUs
    .tag("more")
    .tag("library");
