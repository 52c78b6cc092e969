// A pool whose end asks its task to stop and does not wait for it: the pool is destroyed while the task runs.
// The interleaving that matters: the pool's memory is freed before the task has taken its last look at the pool.
// Nothing orders the two: it is a data race with the pool's end, too, which TSan may tell as either of the two.
// A bad run of a plain build may never end: what the task then reads as the request to stop may be anything.
#include <chicane/scenario.h>

#include <memory>

#include "scenarios/memory/polling_pool.h"

struct PoolGoneEarly {
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      auto pool = std::make_unique<PollingPool<AtEnd::detach>>();
      const auto ended = pool->ended();
      pool.reset();
      ended->acquire();
    }
  }
};

CHICANE_SCENARIO("memory/pool-gone-early", PoolGoneEarly)
    .says("a pool is destroyed while its task still uses it")
    .must(chicane::memory_error.at("PollingPool::run"), chicane::data_race.at("PollingPool::run"))
    .not_judged_in("bench", "what the task reads in freed memory is undefined: it may never stop")
    .not_judged_in("stress", "what the task reads in freed memory is undefined: it may never stop")
    .exactly_workers(1)
    .tag("more");
