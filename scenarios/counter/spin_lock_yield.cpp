// The lock of counter/spin-lock, whose waiters give their CPU away between two looks. The interleaving that matters is
// one where the holder lost its CPU: the others then let it run on, instead of spinning until their time is up.
// A bad run would be one where all others yield to each other and the holder comes last; it is slow, never wrong.
#include <chicane/scenario.h>

#include "scenarios/counter/guarded_counter.h"
#include "scenarios/counter/spin_locks.h"

using CounterUnderYieldingLock = GuardedCounter<SpinLock<WaitWithYield>>;

CHICANE_SCENARIO("counter/spin-lock-yield", CounterUnderYieldingLock)
    .says("workers add to one counter under a spin lock that yields between two looks")
    .also_workers({5})
    .scales()
    .by_hand(
        "each look is a system call, where a library's spins first; alone, std::mutex does without atomic operations")
    .tag("more");
