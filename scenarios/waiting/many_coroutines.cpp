// Tasks that wait at once as coroutines of one event loop: each is a few heap blocks and a place in one timer's list of
// waiters, and one thread wakes them all. None goes on before the last one is there, as with waiting/many-threads.
// A bad run could only be a task that was lost: the loop would come back with fewer than were started.
#include <chicane/scenario.h>

#include <cstddef>

#include "scenarios/async/coroutines.h"
#include "scenarios/waiting/memory_use.h"

struct WaitingManyCoroutines {
  asio::io_context loop{1};
  std::size_t tasks;
  std::size_t ended = 0, turns = 0;

  explicit WaitingManyCoroutines(const chicane::Setup& setup) : tasks(static_cast<std::size_t>(setup.arg())) {}

  Task<int> one(std::size_t& waiting, Event& all_there, Event& open) {
    if (++waiting == tasks) all_there.set();
    co_await open.wait();
    ++ended;
    co_return 0;
  }
  template <typename Look>
  Task<int> all_wait(Look look) {
    const auto executor = co_await asio::this_coro::executor;
    std::size_t waiting = 0;
    Event all_there(executor), open(executor), last(executor);
    std::size_t unfinished = tasks;
    for (std::size_t i = 0; i < tasks; ++i)
      asio::co_spawn(executor, one(waiting, all_there, open), [&](const std::exception_ptr&, int) {
        if (--unfinished == 0) last.set();
      });
    co_await all_there.wait();
    look();
    open.set();
    co_await last.wait();
    ++turns;
    co_return 0;
  }
  void work(chicane::Worker& worker) {
    run(loop, all_wait([this, &worker, memory = MemoryUse()] { memory.report(worker, tasks); }));
    for (auto _ : worker) run(loop, all_wait([] {}));
    worker.count("tasks_per_second", static_cast<double>(tasks * worker.turns()), chicane::Counter::rate);
  }
  void check(chicane::Check& check) const { check.equal("tasks that ended", ended, tasks * turns); }
};

CHICANE_SCENARIO("waiting/many-coroutines", WaitingManyCoroutines)
    .says("tasks wait at once as coroutines on one thread")
    .not_judged_in("explore", CHICANE_NO_EVENT_LOOP)
    .exactly_workers(1)
    .axis("tasks", {10'000, 100})
    .operation("waiting tasks")
    .tag("more");
