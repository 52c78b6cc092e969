// A pool whose threads leave when it is closed and nothing waits any more. The interleaving that matters for the wrong
// twin, pools/drop-at-shutdown, is a close that comes before the last task was begun: here a thread still takes it,
// and the pool's end waits for that thread.
#include <chicane/scenario.h>

#include "scenarios/pools/shutdown.h"

using DrainedBatch = Batch<AtShutdown::drain>;

CHICANE_SCENARIO("pools/drain-at-shutdown", DrainedBatch)
    .says("a pool does the tasks that wait before it is gone")
    .exactly_workers(1)
    .operation("a batch, and the pool's end")
    .tag("more");
