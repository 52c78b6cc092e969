// The pool of memory/pool-gone-early whose end asks its task to stop and waits for it.
// The interleaving that matters: the task takes its last look at the pool after the pool's end has begun. Members are
// still there, since they go only when the thread has been joined.
#include <chicane/scenario.h>

#include <memory>

#include "scenarios/memory/polling_pool.h"

struct PoolJoined {
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      auto pool = std::make_unique<PollingPool<AtEnd::join>>();
      const auto ended = pool->ended();
      pool.reset();
      ended->acquire();
    }
  }
};

CHICANE_SCENARIO("memory/pool-joined", PoolJoined)
    .says("a pool waits for its task before it goes")
    .exactly_workers(1)
    .tag("more");
