// As many coroutines as are asked for, all waiting at once on one thread: each is a few heap blocks and a place in one
// timer's list of waiters, not a stack. None ends its wait before the last has begun: they wait for one event, which
// the last one sets.
// A bad run could only be a task that was lost: the loop would come back with results missing.
#include <chicane/scenario.h>

#include <cstddef>
#include <numeric>
#include <vector>

#include "scenarios/async/coroutines.h"

struct GatherMany {
  asio::io_context loop{1};
  std::size_t tasks;
  std::size_t waiting = 0, most = 0;
  std::size_t sum = 0;

  explicit GatherMany(const chicane::Setup& setup) : tasks(static_cast<std::size_t>(setup.arg())) {}

  Task<std::size_t> one(Event& all_there, std::size_t number) {
    most = std::max(most, ++waiting);
    if (waiting == tasks) all_there.set();
    co_await all_there.wait();
    --waiting;
    co_return number;
  }
  Task<std::size_t> all() {
    Event all_there(co_await asio::this_coro::executor);
    std::vector<Task<std::size_t>> gathered;
    for (std::size_t i = 0; i < tasks; ++i) gathered.push_back(one(all_there, i));
    const auto results = co_await gather(std::move(gathered));
    co_return std::accumulate(results.begin(), results.end(), std::size_t{0});
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) sum += run(loop, all());
    worker.count("tasks_per_second", static_cast<double>(tasks * worker.turns()), chicane::Counter::rate);
  }
  void check(chicane::Check& check) const {
    check.equal("sum of the results", sum, tasks * (tasks - 1) / 2 * check.operations());
    check.equal("tasks that waited at once", most, tasks);
  }
};

CHICANE_SCENARIO("async/gather-many", GatherMany)
    .says("gathers as many waiting coroutines as are asked for")
    .not_judged_in("explore", CHICANE_NO_EVENT_LOOP)
    .exactly_workers(1)
    .axis("tasks", {10'000, 100})
    .operation("gathering of waiting tasks")
    .tag("more");
