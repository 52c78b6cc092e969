// oneTBB's spin_mutex: one flag, taken by an exchange as in counter/spin-lock. A waiter pauses twice as long each time,
// and after a few rounds gives its CPU away. Whatever the interleaving, one worker is inside.
// Unfair: a bad run is one in which a worker waits long while others come in again and again; fairness is measured.
#include <chicane/scenario.h>

#include <oneapi/tbb/spin_mutex.h>

#include "scenarios/counter/guarded_counter.h"

using CounterUnderTbbSpinMutex = GuardedCounter<tbb::spin_mutex>;

CHICANE_SCENARIO("counter/tbb-spin-mutex", CounterUnderTbbSpinMutex)
    .says("workers add to one counter under a tbb::spin_mutex")
    .also_workers({5})
    .tag("more")
    .tag("library");
