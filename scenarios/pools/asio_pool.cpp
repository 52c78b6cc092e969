// The map of pools/mutex-pool on Boost.Asio's thread_pool: each task writes a slot that no other task touches, and the
// driver reads the slots after the count of unfinished tasks has come to 0. Any order of the tasks gives the same map.
// With wait() left out, a bad run finds slots that are still empty, and the driver's reads race with the tasks.
// The first two tasks wait for each other, so that two threads really take part.
#include <chicane/scenario.h>

#include <barrier>
#include <cstddef>

#include "scenarios/pools/asio_thread_pool.h"
#include "scenarios/pools/power_map.h"

struct AsioPoolMap {
  struct Environment {
    explicit Environment(const chicane::Setup& setup) : threads(static_cast<std::size_t>(setup.arg())), pool(threads) {}
    std::size_t threads;
    AsioThreadPool pool;
  };

  AsioThreadPool& pool;
  std::barrier<> meeting;
  PowerMap map;
  std::size_t wrong = 0;

  explicit AsioPoolMap(Environment& environment) : pool(environment.pool), meeting(environment.threads > 1 ? 2 : 1) {}

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      map.forget();
      for (std::size_t i = 0; i < PowerMap::size; ++i) pool.submit([this, i] { task(i); });
      pool.wait();
      wrong += map.wrong();
    }
  }
  void task(std::size_t index) {
    if (index < 2) meeting.arrive_and_wait();
    map.compute(index);
  }
  void check(chicane::Check& check) const { check.equal("wrong results", wrong, 0); }
};

CHICANE_SCENARIO("pools/asio-pool", AsioPoolMap)
    .says("maps squares and cubes on Boost.Asio's thread_pool")
    .exactly_workers(1)
    .axis("threads", {1, 2, 4})
    .scales("threads")
    .operation("one map")
    .items_per_operation(PowerMap::size)
    .tag("more")
    .tag("library");
