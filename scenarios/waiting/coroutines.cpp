// The two functions of waiting/two-threads as two coroutines of one event loop on one thread: while one awaits its
// timer the other goes on, and the overlap ratio nears 2 without a second thread. Nothing runs between two co_await of
// a task but the task itself, so no interleaving changes the results.
// With sleep_for in place of the timer they would not overlap at all: see async/blocked-loop.
#include "scenarios/async/coroutines.h"

#include <chicane/scenario.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "scenarios/waiting/waits.h"

struct WaitingCoroutines {
  asio::io_context loop{1};
  Waits waits;
  std::uint64_t wrong = 0;

  explicit WaitingCoroutines(const chicane::Setup& setup) : waits(std::chrono::milliseconds(setup.arg())) {}

  Task<int> find(std::size_t first) {
    for (std::size_t i = first; i < first + Waits::numbers; ++i) {
      co_await wait_for(waits.wait());
      waits.store(i);
    }
    co_return 0;
  }
  Task<std::vector<int>> squares_and_cubes() {
    std::vector<Task<int>> tasks;
    tasks.push_back(find(0));
    tasks.push_back(find(Waits::numbers));
    co_return co_await gather(std::move(tasks));
  }
  void work(chicane::Worker& worker) {
    Overlap overlap(worker);
    for (auto _ : worker) {
      waits.forget();
      run(loop, squares_and_cubes());
      wrong += !waits.right();
    }
    overlap.report(waits.wait());
  }
  void check(chicane::Check& check) const { check.equal("wrong results", wrong, 0); }
};

CHICANE_SCENARIO("waiting/coroutines", WaitingCoroutines)
    .says("two functions with four waits each, as coroutines on one thread")
    .not_judged_in("explore", CHICANE_NO_EVENT_LOOP)
    .exactly_workers(1)
    .axis("wait_ms", {2})  // the tutorial's own waits are 200 ms: --arg wait_ms=200
    .operation("eight waits")
    .tag("more");
