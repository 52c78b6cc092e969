// The two tasks of pools/waits-in-worker; but the thread that waits for the inner task runs what stands in the queue
// meanwhile. With one thread that is the inner task itself. With more, another thread may have it already: then there
// may be nothing to help with, and the thread gives way and looks again.
// A bad run is pools/waits-in-worker's: nobody is left who could run the inner task.
#include <chicane/scenario.h>

#include <chrono>
#include <future>
#include <memory>
#include <thread>

#include "scenarios/pools/mutex_pool.h"

struct HelpsInWorker {
  MutexPool& pool;
  long sum = 0;  // written by one task at a time, which the driver has waited for

  struct Environment {
    explicit Environment(const chicane::Setup& setup) : pool(static_cast<std::size_t>(setup.arg())) {}
    MutexPool pool;
  };
  explicit HelpsInWorker(Environment& environment) : pool(environment.pool) {}

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
    while (result.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
      if (!pool.run_one()) std::this_thread::yield();
    sum += result.get();
  }
  void check(chicane::Check& check) const { check.equal("sum", sum, check.operations()); }
};

CHICANE_SCENARIO("pools/helps-in-worker", HelpsInWorker)
    .says("a task that waits for another task of its pool helps with the queue meanwhile")
    .exactly_workers(1)
    .axis("threads", {2, 1})
    .operation("a task within a task")
    .tag("more");
