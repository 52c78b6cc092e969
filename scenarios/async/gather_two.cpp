// Two coroutines that wait for 1 and for 2 units of time, gathered: both wait at once, on one thread, so that a turn
// takes the longer of the two and not their sum (units_per_turn nears 2, not 3). The check looks at no clock: it asks
// how many waited at once. Between two co_await nothing else runs, so the count needs no lock.
// A bad run is async/blocked-loop, where each waits for the other.
#include <chicane/scenario.h>

#include <vector>

#include "scenarios/async/units.h"

struct GatherTwo {
  static constexpr int at_once = 2;

  Task<int> both(Units& units) {
    std::vector<Task<int>> tasks;
    for (const int n : {1, 2}) tasks.push_back(units.wait(n));
    const auto results = co_await gather(std::move(tasks));
    co_return results[0] + 10 * results[1];  // in the order of the tasks: 21
  }
};

using OneAndTwoGathered = OneAndTwo<GatherTwo>;

CHICANE_SCENARIO("async/gather-two", OneAndTwoGathered)
    .says("two coroutines wait for 1 and 2 units of time at once")
    .not_judged_in("explore", CHICANE_NO_EVENT_LOOP)
    .exactly_workers(1)
    .axis("unit_ms", {2})
    .operation("waits of 1 and 2 units")
    .tag("core");
