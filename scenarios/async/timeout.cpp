// Two tasks with a time limit each: one that would wait for an hour and gets a millisecond, and one that is done at
// once and could have had an hour. The limit is a second wait, and whichever ends first cancels the other one. On one
// thread there is no moment at which both have won.
// A bad run lets the loop wait for the hour that nobody needs any more.
#include <chicane/scenario.h>

#include <chrono>

#include "scenarios/async/coroutines.h"

struct Timeout {
  asio::io_context loop{1};
  long in_time = 0, timed_out = 0;

  // Whether `task_time` was over before `limit` was.
  static Task<bool> within(asio::steady_timer::duration limit, asio::steady_timer::duration task_time) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer task(executor, task_time), deadline(executor, limit);
    Event deadline_ended(executor);
    deadline.async_wait([&](boost::system::error_code cancelled) {
      if (!cancelled) task.cancel();
      deadline_ended.set();
    });
    boost::system::error_code cancelled;
    co_await task.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    deadline.cancel();
    co_await deadline_ended.wait();  // its handler refers to this frame
    co_return !cancelled;
  }
  Task<int> both() {
    using std::chrono::hours, std::chrono::milliseconds;
    co_await within(milliseconds(1), hours(1)) ? ++in_time : ++timed_out;
    co_await within(hours(1), milliseconds(0)) ? ++in_time : ++timed_out;
    co_return 0;
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) run(loop, both());
  }
  void check(chicane::Check& check) const {
    check.equal("tasks that ended in time", in_time, check.operations());
    check.equal("tasks that timed out", timed_out, check.operations());
  }
};

CHICANE_SCENARIO("async/timeout", Timeout)
    .says("gives coroutines a time limit: one keeps it, one does not")
    .not_judged_in("explore", CHICANE_NO_EVENT_LOOP)
    .exactly_workers(1)
    .operation("two tasks with a limit")
    .tag("more");
