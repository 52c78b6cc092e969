// One coroutine that waits for one unit of time on an event loop: what the loop costs when there is nothing to overlap.
// One thread runs the loop and everything on it, so there is no interleaving but the loop's own.
// A bad run could only be a task that was never resumed: the loop would come back without a result.
#include <chicane/scenario.h>

#include "scenarios/async/units.h"

struct OneTask {
  asio::io_context loop{1};
  Units units;
  long waited = 0;

  explicit OneTask(const chicane::Setup& setup) : units(setup) {}

  void work(chicane::Worker& worker) {
    TurnClock clock;
    for (auto _ : worker) waited += run(loop, units.wait(1));
    clock.report(worker, "units_per_turn", units.unit());
  }
  void check(chicane::Check& check) const { check.equal("units waited", waited, check.operations()); }
};

CHICANE_SCENARIO("async/one-task", OneTask)
    .says("one coroutine waits for one unit of time on an event loop")
    .not_judged_in("explore", CHICANE_NO_EVENT_LOOP)
    .exactly_workers(1)
    .axis("unit_ms", {2})
    .operation("one task")
    .tag("more");
