// Eight waits as tasks of a pool of three threads: three rounds, the last with two tasks, so that the overlap ratio
// nears 8/3 and not 3, on two CPUs or one as well: a waiting thread needs none. Safe as waiting/pool-of-2 is.
// With the pool's wait left out, a bad run reads slots that are not filled yet: see waiting/counted-early.
#include "scenarios/waiting/waiting_pool.h"

CHICANE_SCENARIO("waiting/pool-of-3", WaitingInPool<3>)
    .says("eight tasks that wait, in a pool of three threads")
    .exactly_workers(1)
    .axis("wait_ms", {2})  // the tutorial's own waits are 200 ms: --arg wait_ms=200
    .operation("eight waits")
    .tag("more");
