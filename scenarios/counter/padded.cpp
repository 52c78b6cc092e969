// The counters of counter/false-sharing, each in a cache line of its own: no worker's increment takes a line from
// another's CPU. Two lines apart, because CPUs fetch lines in pairs. No interleaving matters; the parts are added up
// when all workers have ended.
// A bad run would be a sum that misses a worker's part.
#include <chicane/scenario.h>

#include "scenarios/counter/sharded_counter.h"

using PaddedCounters = ShardedCounter<128>;

CHICANE_SCENARIO("counter/padded", PaddedCounters)
    .says("each worker adds to a counter of its own, each in its own cache lines")
    .also_workers({5})
    .scales()
    .tag("more");
