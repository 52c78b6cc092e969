// A pool whose threads leave as soon as it is closed. The interleaving that matters: the last task is submitted and the
// pool is closed before a thread has come round to it, and the task is dropped without a word. Everything happens under
// the pool's mutex: there is no data race.
// A bad run: four tasks submitted, three done.
#include <chicane/scenario.h>

#include "scenarios/pools/shutdown.h"

using DroppedBatch = Batch<AtShutdown::drop>;

CHICANE_SCENARIO("pools/drop-at-shutdown", DroppedBatch)
    .says("a pool drops the tasks that wait when it is closed")
    .must(chicane::wrong_result.at("tasks lost"))
    .exactly_workers(1)
    .operation("a batch, and the pool's end")
    .tag("core");
