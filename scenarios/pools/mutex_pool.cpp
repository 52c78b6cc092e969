// A map on a thread pool: each task writes a slot that no other task touches, and the driver reads the slots only after
// wait() saw, under the pool's mutex, that the last task had ended. Any order of the tasks gives the same map.
// With wait() left out, a bad run finds slots that are still empty, and the driver's reads race with the tasks.
// The first two tasks wait for each other: else one fast thread could do a whole map alone, and nothing would be
// shared.
#include <chicane/scenario.h>

#include <barrier>
#include <cstddef>

#include "scenarios/pools/pool_environment.h"
#include "scenarios/pools/power_map.h"

struct MutexPoolMap {
  using Environment = PoolEnvironment;

  PoolEnvironment& environment;
  std::barrier<> meeting{environment.meeting()};
  PowerMap map;
  std::size_t wrong = 0;

  explicit MutexPoolMap(PoolEnvironment& built) : environment(built) {}

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      map.forget();
      for (std::size_t i = 0; i < PowerMap::size; ++i) environment.pool.submit([this, i] { task(i); });
      environment.pool.wait();
      wrong += map.wrong();
    }
  }
  void task(std::size_t index) {
    if (index < 2) meeting.arrive_and_wait();
    map.compute(index);
  }
  void check(chicane::Check& check) const { check.equal("wrong results", wrong, 0); }
};

CHICANE_SCENARIO("pools/mutex-pool", MutexPoolMap)
    .says("maps squares and cubes on a thread pool of one mutex and condition variables")
    .exactly_workers(1)
    .axis("threads", {1, 2, 4})
    .scales("threads")
    .operation("one map")
    .items_per_operation(PowerMap::size)
    .by_hand(why_mutex_pool_is_slower)
    .tag("core");
