// A map in an arena of oneTBB: parallel_for gives each number to exactly one task, each task writes its own slot, and
// parallel_for returns after the last has ended. Any order and any number of threads gives the same map.
// The driver starts with the first number and leaves the upper half to be stolen; each waits for the other there, so
// that a second thread really takes part (TBB itself would often let the driver do it all alone).
// With the slots made one, as in pools/racy-slot, two threads would overwrite each other's results.
#include <chicane/scenario.h>

#include <barrier>
#include <cstddef>

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#include <oneapi/tbb/task_arena.h>

#include "scenarios/pools/power_map.h"

struct Arena {
  explicit Arena(const chicane::Setup& setup)
      : threads(static_cast<std::size_t>(setup.arg())),
        allowed(tbb::global_control::max_allowed_parallelism, threads),
        arena(static_cast<int>(threads)) {
    arena.initialize();
  }

  std::size_t threads;
  tbb::global_control allowed;  // else TBB makes no more threads than it may use CPUs, and the meeting has no second
  tbb::task_arena arena;
};

struct TbbArenaMap {
  using Environment = Arena;

  Arena& environment;
  std::barrier<> meeting{environment.threads > 1 ? 2 : 1};
  PowerMap map;
  std::size_t wrong = 0;

  explicit TbbArenaMap(Arena& built) : environment(built) {}

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      map.forget();
      environment.arena.execute([this] {
        tbb::parallel_for(
            tbb::blocked_range<std::size_t>(0, PowerMap::size, 1),
            [this](const tbb::blocked_range<std::size_t>& range) {
              for (std::size_t i = range.begin(); i != range.end(); ++i) task(i);
            },
            tbb::simple_partitioner());  // splits down to single numbers: 0 and 32 are first in their halves
      });
      wrong += map.wrong();
    }
  }
  void task(std::size_t index) {
    if (index == 0 || (index == PowerMap::size / 2 && environment.threads > 1)) meeting.arrive_and_wait();
    map.compute(index);
  }
  void check(chicane::Check& check) const { check.equal("wrong results", wrong, 0); }
};

CHICANE_SCENARIO("pools/tbb-arena", TbbArenaMap)
    .says("maps squares and cubes with parallel_for in a oneTBB task_arena")
    .exactly_workers(1)
    .axis("threads", {1, 2, 4})
    .scales("threads")
    .operation("one map")
    .items_per_operation(PowerMap::size)
    .tag("more")
    .tag("library");
