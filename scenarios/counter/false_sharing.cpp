// Each worker has a counter of its own, and they lie side by side in one cache line. No interleaving can lose anything:
// no two workers write the same memory. But CPUs own whole lines, so each increment takes the line from another CPU.
// A bad run is right, and as slow as one shared counter: compare counter/padded.
#include <chicane/scenario.h>

#include "scenarios/counter/sharded_counter.h"

using FalselySharedCounters = ShardedCounter<alignof(long)>;

CHICANE_SCENARIO("counter/false-sharing", FalselySharedCounters)
    .says("each worker adds to a counter of its own, all in one cache line")
    .also_workers({5})
    .scales()
    .tag("more");
