// A task that waits for an hour is cancelled by another one of the same loop. Cancelling is a message: the wait ends
// with operation_aborted, which the task sees as an exception where it awaits, and its locals are destroyed on the way
// out. Both run on one thread, and the task had begun its wait before the other one looked, so none comes too early.
// A bad run leaves the loop waiting for an hour, or what the task owned behind.
#include <chicane/scenario.h>

#include <chrono>
#include <memory>

#include "scenarios/async/coroutines.h"

struct Cancel {
  asio::io_context loop{1};
  long cancelled = 0, owned = 0;

  Task<int> sleeper(asio::steady_timer& hour, Event& begun, Event& ended) {
    ++owned;
    const auto release = [this](void*) { --owned; };
    const std::unique_ptr<void, decltype(release)> guard(this, release);
    begun.set();
    try {
      co_await hour.async_wait(asio::use_awaitable);
    } catch (const boost::system::system_error& error) {
      cancelled += error.code() == asio::error::operation_aborted;
    }
    ended.set();
    co_return 0;
  }
  Task<int> both() {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer hour(executor, std::chrono::hours(1));
    Event begun(executor), ended(executor);
    asio::co_spawn(executor, sleeper(hour, begun, ended), [](const std::exception_ptr&, int) {});
    co_await begun.wait();
    hour.cancel();
    co_await ended.wait();
    co_return 0;
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) run(loop, both());
  }
  void check(chicane::Check& check) const {
    check.equal("tasks cancelled", cancelled, check.operations());
    check.equal("guards that were not released", owned, 0);
  }
};

CHICANE_SCENARIO("async/cancel", Cancel)
    .says("cancels a coroutine that waits for an hour")
    .not_judged_in("explore", CHICANE_NO_EVENT_LOOP)
    .exactly_workers(1)
    .operation("one task cancelled")
    .tag("more");
