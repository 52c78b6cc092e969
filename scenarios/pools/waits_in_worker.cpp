// A task submits another one to the pool that it runs in and waits for its result. The pool has one thread, and that is
// the one that waits: nobody is left who could run the inner task. It hangs in every run, whatever the interleaving;
// with more threads it hangs as soon as all of them wait at once. pools/helps-in-worker is right.
// A bad run, which is every run: the worker sleeps on a future, the driver on the pool.
#include <chicane/scenario.h>

#include <future>
#include <memory>

#include "scenarios/pools/mutex_pool.h"

struct WaitsInWorker {
  MutexPool& pool;
  long sum = 0;

  struct Environment {
    MutexPool pool{1};
  };
  explicit WaitsInWorker(Environment& environment) : pool(environment.pool) {}

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      pool.submit([this] { outer(); });
      pool.wait();
    }
  }
  void outer() {
    const auto inner = std::make_shared<std::packaged_task<int()>>([] { return 1; });
    auto result = inner->get_future();
    pool.submit([inner] { (*inner)(); });
    sum += result.get();
  }
  void check(chicane::Check& check) const { check.equal("sum", sum, check.operations()); }
};

CHICANE_SCENARIO("pools/waits-in-worker", WaitsInWorker)
    .says("a task waits for another task of its pool, which has one thread")
    .must(chicane::hang.at("WaitsInWorker::outer"))
    .exactly_workers(1)
    .operation("a task within a task")
    .tag("more");
