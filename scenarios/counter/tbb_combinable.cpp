// Each thread has a counter of its own, which tbb::combinable makes when the thread first asks for it; they are added
// up at the end. No two workers write the same memory, so no interleaving matters until then, and by then all have
// ended. A bad run would be combine() while workers still count: it would miss what they add later.
#include <chicane/scenario.h>

#include <functional>

#include <oneapi/tbb/combinable.h>

struct CombinedCounter {
  tbb::combinable<long> totals{[] { return 0L; }};

  void work(chicane::Worker& worker) {
    for (auto _ : worker) ++totals.local();
  }
  void check(chicane::Check& check) { check.equal("total", totals.combine(std::plus<>()), check.operations()); }
};

CHICANE_SCENARIO("counter/tbb-combinable", CombinedCounter)
    .says("each worker adds to its own part of a tbb::combinable, merged at the end")
    .also_workers({5})
    .scales()
    .tag("more");
