// The pool of pools/mutex-pool, and how long a task waits from submit() until it starts: for a thread to wake up, and
// behind the tasks before it. Each task leaves its time stamp in a slot of its own, which the driver reads after
// wait(). A bad run finds slots that are still empty, as one of pools/mutex-pool without wait() would.
#include <chicane/scenario.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "scenarios/pools/pool_environment.h"
#include "scenarios/pools/power_map.h"

struct TimedPoolMap {
  using Environment = PoolEnvironment;

  PoolEnvironment& environment;
  PowerMap map;
  std::array<std::int64_t, PowerMap::size> submitted{}, started{};
  std::size_t wrong = 0;

  explicit TimedPoolMap(PoolEnvironment& built) : environment(built) {}

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      map.forget();
      for (std::size_t i = 0; i < PowerMap::size; ++i) {
        submitted[i] = worker.now();
        environment.pool.submit([this, &worker, i] {
          started[i] = worker.now();
          map.compute(i);
        });
      }
      environment.pool.wait();
      wrong += map.wrong();
      for (std::size_t i = 0; i < PowerMap::size; ++i) worker.record_ns(started[i] - submitted[i]);
    }
  }
  void check(chicane::Check& check) const { check.equal("wrong results", wrong, 0); }
};

CHICANE_SCENARIO("pools/mutex-pool-latency", TimedPoolMap)
    .says("how long tasks wait in a thread pool of one mutex before they start")
    .exactly_workers(1)
    .axis("threads", {2})
    .latency("from submit to start")
    .operation("one map, with time stamps")
    .items_per_operation(PowerMap::size)
    .tag("more");
