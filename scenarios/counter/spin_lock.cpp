// A spin lock: exchange() writes "taken" and says what was there before, in one step, so of two workers that try at the
// same time, in whatever interleaving, exactly one finds it free. The release store and the next acquire order what was
// written between them.
// With a load and then a store for the exchange, a bad run has two workers inside, and increments are lost.
#include <chicane/scenario.h>

#include "scenarios/counter/guarded_counter.h"
#include "scenarios/counter/spin_locks.h"

using CounterUnderSpinLock = GuardedCounter<SpinLock<WaitBusily>>;

CHICANE_SCENARIO("counter/spin-lock", CounterUnderSpinLock)
    .says("workers add to one counter under a spin lock that looks again at once")
    .also_workers({5})
    .by_hand(
        "waiters look again at once, and take the cache line from the holder; alone, std::mutex does without atomic "
        "operations")
    .tag("more");
