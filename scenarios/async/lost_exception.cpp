// The three tasks of async/gather-exception started one by one with a completion handler that does not look at its
// exception, as `detached` does. The one that throws is gone without a word, and the caller takes the two results that
// came for the work of three. No detector sees anything: nothing crashed, and no memory was misused.
// A bad run, which is every run: no exception caught, one result missing.
#include <chicane/scenario.h>

#include "scenarios/async/failing.h"

struct LostException : Failing {
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      ended = 0;
      for (auto& task : three()) asio::co_spawn(loop, std::move(task), [](const std::exception_ptr&, int) {});
      loop.restart();
      try {
        loop.run();
      } catch (const TaskFailed&) {
        ++caught;
      }
    }
  }
  void check(chicane::Check& check) const { check.equal("exceptions caught", caught, check.operations()); }
};

CHICANE_SCENARIO("async/lost-exception", LostException)
    .says("starts three coroutines without asking how they ended")
    .must(chicane::wrong_result.at("exceptions caught").in("bench,stress,tsan,asan"))
    .not_judged_in("explore", CHICANE_NO_EVENT_LOOP)
    .exactly_workers(1)
    .operation("three tasks, one throws")
    .tag("more");
