// A std::shared_mutex lets readers in together and a writer alone. Workers that all write gain nothing by it: each
// takes it alone, whatever the interleaving, and pays for the bookkeeping of readers that never come. With
// lock_shared() for lock(), a bad run has two writers inside at once and loses increments as counter/unlocked does.
#include <chicane/scenario.h>

#include <shared_mutex>

#include "scenarios/counter/guarded_counter.h"

using CounterUnderSharedMutex = GuardedCounter<std::shared_mutex>;

CHICANE_SCENARIO("counter/shared-mutex", CounterUnderSharedMutex)
    .says("workers add to one counter under a std::shared_mutex, each of them alone")
    .also_workers({5})
    .scales()
    .tag("more")
    .tag("library");
