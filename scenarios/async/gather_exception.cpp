// One of three gathered tasks throws. The exception comes out of the gathering, where it can be caught, but only when
// the other two have ended: else they would go on with references into a frame that the exception has destroyed.
// A gathering that rethrows at once makes that bad run; one that drops the exception is async/lost-exception.
#include <chicane/scenario.h>

#include "scenarios/async/failing.h"

struct GatherException : Failing {
  Task<int> all() {
    try {
      co_await gather(three());
    } catch (const TaskFailed&) {
      ++caught;
      ended_before_caught += ended == 2;
    }
    co_return 0;
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      ended = 0;
      run(loop, all());
    }
  }
  void check(chicane::Check& check) const {
    check.equal("exceptions caught", caught, check.operations());
    check.equal("turns in which the others had ended by then", ended_before_caught, check.operations());
  }
  long ended_before_caught = 0;
};

CHICANE_SCENARIO("async/gather-exception", GatherException)
    .says("one of three gathered coroutines throws")
    .not_judged_in("explore", CHICANE_NO_EVENT_LOOP)
    .exactly_workers(1)
    .operation("three tasks, one throws")
    .tag("more");
