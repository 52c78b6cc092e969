// The lock of counter/spin-lock, whose waiters tell the CPU by PAUSE that they spin: it then looks less often, saves
// power, and leaves more to the other thread of its core. It changes no interleaving, only how fast each is reached.
// A waiter still keeps its CPU, also from the one it waits for: a bad run is a slow one, with more workers than CPUs.
#include <chicane/scenario.h>

#include "scenarios/counter/guarded_counter.h"
#include "scenarios/counter/spin_locks.h"

using CounterUnderPausingLock = GuardedCounter<SpinLock<WaitWithPause>>;

CHICANE_SCENARIO("counter/spin-lock-pause", CounterUnderPausingLock)
    .says("workers add to one counter under a spin lock that pauses between two looks")
    .also_workers({5})
    .by_hand(
        "its pauses are all equally short, a library's get longer; alone, std::mutex does without atomic operations")
    .tag("more");
