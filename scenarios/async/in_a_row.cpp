// The two waits of async/gather-two by one coroutine that awaits one after the other. It is right, and takes the sum:
// co_await gives the thread to others, but this task has no other. units_per_turn nears 3.
// A bad run could only be a wrong result.
#include <chicane/scenario.h>

#include "scenarios/async/units.h"

struct InARow {
  static constexpr int at_once = 1;

  Task<int> both(Units& units) {
    const int first = co_await units.wait(1);
    const int second = co_await units.wait(2);
    co_return first + 10 * second;
  }
};

using OneAndTwoInARow = OneAndTwo<InARow>;

CHICANE_SCENARIO("async/in-a-row", OneAndTwoInARow)
    .says("one coroutine awaits 1 and then 2 units of time")
    .not_judged_in("explore", CHICANE_NO_EVENT_LOOP)
    .exactly_workers(1)
    .axis("unit_ms", {2})
    .operation("waits of 1 and 2 units")
    .tag("more");
