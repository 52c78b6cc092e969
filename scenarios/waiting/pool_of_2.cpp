// Eight waits as tasks of a pool of two threads: four rounds of two, so that the overlap ratio nears 2, as with two
// threads of one's own. Each task writes its own slot, and the results are read after the pool said that all have
// ended, so any order of the tasks gives the same results.
// With that wait left out, a bad run reads slots that are not filled yet: see waiting/counted-early.
#include "scenarios/waiting/waiting_pool.h"

CHICANE_SCENARIO("waiting/pool-of-2", WaitingInPool<2>)
    .says("eight tasks that wait, in a pool of two threads")
    .exactly_workers(1)
    .axis("wait_ms", {2})  // the tutorial's own waits are 200 ms: --arg wait_ms=200
    .operation("eight waits")
    .tag("more");
