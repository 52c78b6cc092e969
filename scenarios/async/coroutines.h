// Asio's coroutines as this family and others use them: tasks of one event loop that one thread runs. A task gives the
// thread away at each co_await, and only there; so what lies between two of them needs no lock.
#pragma once

#include <cstddef>
#include <exception>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace asio = boost::asio;

// Why the explore lane does not judge what runs on an event loop; for not_judged_in().
#define CHICANE_NO_EVENT_LOOP \
  "what the kernel tells an event loop, timers in real time too, is not part of the schedule"

template <typename Result = void>
using Task = asio::awaitable<Result>;

// Waits on the loop: no thread sleeps.
inline Task<> wait_for(asio::steady_timer::duration time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

// Something that one task waits for until another one has said that it is there. Both are on one loop.
class Event {
 public:
  explicit Event(const asio::any_io_executor& executor) : timer_(executor, asio::steady_timer::time_point::max()) {}

  Task<> wait() {
    boost::system::error_code cancelled;  // which is how a timer without an end is told that it is enough
    if (!set_) co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  void set() {
    set_ = true;
    timer_.cancel();
  }

 private:
  asio::steady_timer timer_;
  bool set_ = false;
};

// Starts all tasks, then waits for all of them; results in the order of the tasks. An exception of one is thrown when
// the last has ended, so that none is left behind that would still use what its caller owns.
template <typename Result>
Task<std::vector<Result>> gather(std::vector<Task<Result>> tasks) {
  const auto executor = co_await asio::this_coro::executor;
  std::vector<Result> results(tasks.size());
  std::size_t unfinished = tasks.size();
  std::exception_ptr first_error;
  Event all_ended(executor);
  for (std::size_t i = 0; i < tasks.size(); ++i)
    asio::co_spawn(executor, std::move(tasks[i]), [&, i](const std::exception_ptr& error, Result result) {
      if (error && !first_error) first_error = error;
      results[i] = std::move(result);
      if (--unfinished == 0) all_ended.set();
    });
  if (unfinished != 0) co_await all_ended.wait();
  if (first_error) std::rethrow_exception(first_error);
  co_return results;
}

// Runs one task on a loop of the caller's until it and all that it started have ended.
template <typename Result>
Result run(asio::io_context& loop, Task<Result> task) {
  Result result{};
  std::exception_ptr failed;
  asio::co_spawn(loop, std::move(task), [&](const std::exception_ptr& error, Result value) {
    failed = error;
    result = std::move(value);
  });
  loop.restart();
  loop.run();
  if (failed) std::rethrow_exception(failed);
  return result;
}
