// The pieces as tasks of a pool that is there before the first turn: threads without the price of their start. Each
// task writes its own slot, and wait() returns after the last one has ended; any order gives the same results.
// With wait() left out, a bad run reads slots that are not computed yet, and races for them.
#include <chicane/scenario.h>

#include <cstddef>

#include "scenarios/compute/job.h"
#include "scenarios/pools/mutex_pool.h"

struct PoolJob {
  struct Environment {
    explicit Environment(const chicane::Setup& setup) : pool(static_cast<std::size_t>(setup.arg(1))) {}
    MutexPool pool;
  };

  MutexPool& pool;
  Job job;
  TurnResults results;

  PoolJob(Environment& environment, const chicane::Setup& setup) : pool(environment.pool), job(setup) {}

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      for (std::size_t piece = 0; piece < Job::pieces; ++piece)
        pool.submit([this, piece] { results[piece] = job.result(piece); });
      pool.wait();
      results.end_turn();
    }
  }
  void check(chicane::Check& check) const { check.equal("wrong results", results.wrong(job, check.operations()), 0); }
};

CHICANE_SCENARIO("compute/pool", PoolJob)
    .says("the pieces are tasks of a thread pool " CHICANE_JOBS)
    .exactly_workers(1)
    .axis("job", {1, 2, 3, 4})
    .axis("threads", {2})
    .operation("one job")
    .by_hand(why_mutex_pool_is_slower)
    .tag("more");
