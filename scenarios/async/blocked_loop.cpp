// The gathering of async/gather-two with tasks that sleep as threads do, where they should await a timer. The thread of
// the loop sleeps with them: the second task is not even started before the first has ended. No race, no wrong sum,
// only nothing at once; it is as certain as the loop has one thread.
// A bad run, which is every run: one task waits at a time, and a turn takes 3 units and not 2.
#include <chicane/scenario.h>

#include <vector>

#include "scenarios/async/units.h"

struct BlockedLoop {
  static constexpr int at_once = 2;

  Task<int> both(Units& units) {
    std::vector<Task<int>> tasks;
    for (const int n : {1, 2}) tasks.push_back(units.block(n));
    const auto results = co_await gather(std::move(tasks));
    co_return results[0] + 10 * results[1];
  }
};

using OneAndTwoBlocked = OneAndTwo<BlockedLoop>;

CHICANE_SCENARIO("async/blocked-loop", OneAndTwoBlocked)
    .says("two gathered coroutines sleep instead of awaiting a timer")
    .must(chicane::wrong_result.at("tasks that waited at once").in("bench,stress,tsan,asan"))
    .not_judged_in("explore", CHICANE_NO_EVENT_LOOP)
    .exactly_workers(1)
    .axis("unit_ms", {2})
    .operation("waits of 1 and 2 units")
    .tag("more");
