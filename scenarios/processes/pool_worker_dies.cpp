// The map of processes/pool-map, in each of which a worker is killed in the midst of a task. The interleaving that
// matters is a death between taking a task and putting its result down: the task is then nobody's. Who waits for it
// watches the workers too, sees the death, has the task done again, and puts a new worker in the dead one's place.
// A pool that waits for results alone waits for ever: a bad run.
#include <chicane/scenario.h>

#include "scenarios/processes/factorial_pool.h"

struct PoolWorkerDies {
  using Environment = FactorialPool;

  FactorialPool& factorials;
  std::vector<FactorialTask> tasks = FactorialPool::all_tasks();
  std::size_t wrong = 0;
  std::size_t deaths_before;

  explicit PoolWorkerDies(FactorialPool& built) : factorials(built), deaths_before(built.pool.deaths()) {}

  void work(chicane::Worker& worker) {
    tasks[factorial_count / 2].deaths_left = factorials.deaths_left.operator->();
    for (auto _ : worker) {
      factorials.deaths_left->store(1);
      wrong += FactorialPool::wrong(tasks, factorials.pool.map(tasks));
    }
  }
  void check(chicane::Check& check) const {
    check.equal("wrong or missing results", wrong, 0);
    check.equal("deaths noticed", factorials.pool.deaths() - deaths_before, check.operations());
  }
};

CHICANE_SCENARIO("processes/pool-worker-dies", PoolWorkerDies)
    .says("maps sixteen factorials over a pool of processes, one of which is killed in each map")
    .exactly_workers(1)
    .axis("processes", {1, 2, 4})
    .operation("sixteen factorials, and a worker's death")
    .items_per_operation(factorial_count)
    .not_judged_in("tsan", CHICANE_FORKED_UNSEEN)
    .not_judged_in("explore", CHICANE_FORKED_UNCONTROLLED)
    .tag("more");
