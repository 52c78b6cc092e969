// Two functions that wait, as two tasks of a pool of two threads or of three: the third finds nothing to do, and the
// time stays what it is. Each task writes its own slots, and the results are read after the pool said that both have
// ended, so any order gives the same ones.
// With that wait left out, a bad run reads slots that are not filled yet: see waiting/counted-early.
#include <chicane/scenario.h>

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "scenarios/pools/mutex_pool.h"
#include "scenarios/waiting/waits.h"

struct TwoTasksInPool {
  struct Environment {
    explicit Environment(const chicane::Setup& setup) : pool(static_cast<std::size_t>(setup.arg(1))) {}
    MutexPool pool;
  };

  MutexPool& pool;
  Waits waits;
  std::uint64_t wrong = 0;

  TwoTasksInPool(Environment& environment, const chicane::Setup& setup)
      : pool(environment.pool), waits(std::chrono::milliseconds(setup.arg())) {}

  void work(chicane::Worker& worker) {
    Overlap overlap(worker);
    for (auto _ : worker) {
      waits.forget();
      pool.submit([this] { waits.squares(); });
      pool.submit([this] { waits.cubes(); });
      pool.wait();
      wrong += !waits.right();
    }
    overlap.report(waits.wait());
  }
  void check(chicane::Check& check) const { check.equal("wrong results", wrong, 0); }
};

CHICANE_SCENARIO("waiting/two-tasks", TwoTasksInPool)
    .says("two functions with four waits each, as two tasks of a pool of two or three threads")
    .exactly_workers(1)
    .axis("wait_ms", {2})
    .axis("threads", {2, 3})
    .operation("eight waits")
    .tag("more");
