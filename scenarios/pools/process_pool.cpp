// The map of pools/mutex-pool on a pool of processes: tasks and results go through shared memory, and each worker has
// all other memory for itself, so that no other interleaving than that of taking a task matters: an exchange of the
// task's state, which one worker wins. What it costs beside a pool of threads is a hand-over through the kernel.
// A bad run would be a result in another task's place. Workers that die: processes/pool-worker-dies.
#include "scenarios/processes/process_pool.h"

#include <chicane/scenario.h>

#include <cstddef>
#include <numeric>
#include <vector>

#include "scenarios/pools/power_map.h"
#include "scenarios/processes/forked.h"

struct PowerProcesses {
  ProcessPool<std::size_t, Powers> pool;

  explicit PowerProcesses(const chicane::Setup& setup)
      : pool(static_cast<std::size_t>(setup.arg()), [](const std::size_t& number) { return powers_of(number); }) {}
};

struct ProcessPoolMap {
  using Environment = PowerProcesses;

  PowerProcesses& environment;
  std::vector<std::size_t> numbers = std::vector<std::size_t>(PowerMap::size);
  PowerMap map;
  std::size_t wrong = 0;

  explicit ProcessPoolMap(PowerProcesses& built) : environment(built) {
    std::iota(numbers.begin(), numbers.end(), std::size_t{1});
  }

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      map.forget();
      const auto results = environment.pool.map(numbers);
      for (std::size_t i = 0; i < results.size(); ++i) map.store(i, results[i].value);
      wrong += map.wrong();
    }
  }
  void check(chicane::Check& check) const { check.equal("wrong results", wrong, 0); }
};

CHICANE_SCENARIO("pools/process-pool", ProcessPoolMap)
    .says("maps squares and cubes on a pool of processes over shared memory")
    .exactly_workers(1)
    .axis("processes", {1, 2, 4})
    .operation("one map")
    .items_per_operation(PowerMap::size)
    .not_judged_in("tsan", CHICANE_FORKED_UNSEEN)
    .not_judged_in("explore", CHICANE_FORKED_UNCONTROLLED)
    .by_hand(
        "each task costs a write to a pipe and a read from it; oneTBB's driver computes too, and idle threads steal")
    .tag("more");
