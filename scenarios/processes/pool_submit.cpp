// One task at a time is given to a pool of processes, and its result waited for. The interleaving that matters is a
// result that is put down just before its owner goes to sleep: the owner says what it waits for, then looks once more;
// the worker puts the result down, then looks who waits. One of the two sees the other.
// With the owner's two steps swapped, a bad run sleeps for ever beside a result that is there.
#include <chicane/scenario.h>

#include "scenarios/processes/factorial_pool.h"

struct PoolSubmit {
  using Environment = FactorialPool;

  FactorialPool& factorials;
  std::vector<FactorialTask> tasks = FactorialPool::all_tasks();
  std::size_t wrong = 0;

  explicit PoolSubmit(FactorialPool& built) : factorials(built) {}

  void work(chicane::Worker& worker) {
    std::size_t next = 0;
    for (auto _ : worker) {
      const FactorialTask& task = tasks[next++ % tasks.size()];
      wrong += !FactorialPool::right(task, factorials.pool.take(factorials.pool.submit(task)));
    }
  }
  void check(chicane::Check& check) const { check.equal("wrong results", wrong, 0); }
};

CHICANE_SCENARIO("processes/pool-submit", PoolSubmit)
    .says("gives a pool of processes one factorial at a time and waits for it")
    .exactly_workers(1)
    .axis("processes", {1, 2})
    .operation("one factorial")
    .not_judged_in("tsan", CHICANE_FORKED_UNSEEN)
    .not_judged_in("explore", CHICANE_FORKED_UNCONTROLLED)
    .tag("more");
