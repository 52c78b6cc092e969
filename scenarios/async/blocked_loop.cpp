// The gathering of async/gather-two with tasks that sleep as threads do, where they should await a timer. The thread of
// the loop sleeps with them: the second task is not even started before the first has ended. No race, no wrong sum,
// only nothing at once; it is as certain as the loop has one thread.
// A bad run, which is every run: one task waits at a time, and a turn takes 3 units and not 2.
#include <chicane/scenario.h>

#include <vector>

#include "scenarios/async/units.h"

struct BlockedLoop {
  asio::io_context loop{1};
  Units units;
  long waited = 0;

  explicit BlockedLoop(const chicane::Setup& setup) : units(setup) {}

  Task<int> both() {
    std::vector<Task<int>> tasks;
    for (const int n : {1, 2}) tasks.push_back(units.block(n));
    const auto results = co_await gather(std::move(tasks));
    co_return results[0] + 10 * results[1];
  }
  void work(chicane::Worker& worker) {
    TurnClock clock;
    for (auto _ : worker) waited += run(loop, both());
    clock.report(worker, "units_per_turn", units.unit());
  }
  void check(chicane::Check& check) const {
    check.equal("results", waited, 21 * check.operations());
    check.equal("tasks that waited at once", units.most_at_once(), 2);
  }
};

CHICANE_SCENARIO("async/blocked-loop", BlockedLoop)
    .says("two gathered coroutines sleep instead of awaiting a timer")
    .must(chicane::wrong_result.at("tasks that waited at once").in("bench,stress,tsan,asan"))
    .not_judged_in("explore", CHICANE_NO_EVENT_LOOP)
    .exactly_workers(1)
    .axis("unit_ms", {2})
    .operation("waits of 1 and 2 units")
    .tag("more");
