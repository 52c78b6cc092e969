// A map by std::async: each call has a thread and a share of the slots of its own, and get() returns after that thread
// has ended, so that the driver's reads come after all writes. Any order of the threads gives the same map.
// With the get() left out, the futures' destructors would still wait, but at the end of the turn: a bad run reads the
// slots too early and finds some empty.
#include <chicane/scenario.h>

#include <cstddef>
#include <future>
#include <vector>

#include "scenarios/pools/power_map.h"

struct AsyncMap {
  PowerMap map;
  std::size_t wrong = 0;

  void work(chicane::Worker& worker) {
    const auto threads = static_cast<std::size_t>(worker.arg());
    std::vector<std::future<void>> shares(threads);
    for (auto _ : worker) {
      map.forget();
      for (std::size_t first = 0; first < threads; ++first)
        // launch::async: the default may put the call off until get(), on the driver's own thread.
        shares[first] = std::async(std::launch::async, [this, first, threads] {
          for (std::size_t i = first; i < PowerMap::size; i += threads) map.compute(i);
        });
      for (auto& share : shares) share.get();
      wrong += map.wrong();
    }
  }
  void check(chicane::Check& check) const { check.equal("wrong results", wrong, 0); }
};

CHICANE_SCENARIO("pools/async", AsyncMap)
    .says("maps squares and cubes with std::async, a share for each thread")
    .exactly_workers(1)
    .axis("threads", {1, 2, 4})
    .scales("threads")
    .operation("one map")
    .items_per_operation(PowerMap::size)
    .tag("more")
    .tag("library");
