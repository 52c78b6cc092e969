// Sixteen factorials are given to a pool of processes at once; the results come back in the order of the tasks, whoever
// computes them and whenever. A task is taken by an exchange of its state, from ready to taken: of two workers that
// try, in any interleaving, one gets it. With a load and a store for the exchange, a bad run does a task twice, and its
// worker may overwrite a later result.
#include <chicane/scenario.h>

#include "scenarios/processes/factorial_pool.h"

struct PoolMap {
  using Environment = FactorialPool;

  FactorialPool& factorials;
  std::vector<FactorialTask> tasks = FactorialPool::all_tasks();
  std::size_t wrong = 0;

  explicit PoolMap(FactorialPool& built) : factorials(built) {}

  void work(chicane::Worker& worker) {
    for (auto _ : worker) wrong += FactorialPool::wrong(tasks, factorials.pool.map(tasks));
  }
  void check(chicane::Check& check) const { check.equal("wrong results", wrong, 0); }
};

CHICANE_SCENARIO("processes/pool-map", PoolMap)
    .says("maps sixteen factorials over a pool of processes")
    .exactly_workers(1)
    .axis("processes", {1, 2, 4})
    .operation("sixteen factorials")
    .items_per_operation(factorial_count)
    .not_judged_in("tsan", CHICANE_FORKED_UNSEEN)
    .not_judged_in("explore", CHICANE_FORKED_UNCONTROLLED)
    .tag("more");
