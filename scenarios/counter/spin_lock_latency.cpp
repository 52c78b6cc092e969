// How long a worker waits for a spin lock that all want: it stays awake, and may lose its CPU to the others or to the
// holder. What matters is a holder that loses its CPU: all others then wait for as long as it is away.
// Right as counter/spin-lock is. A bad run would lose increments, as counter/unlocked does.
#include <chicane/scenario.h>

#include "scenarios/counter/spin_locks.h"
#include "scenarios/counter/timed_counter.h"

using TimedSpinCounter = TimedCounter<SpinLock<WaitWithYield>>;

CHICANE_SCENARIO("counter/spin-lock-latency", TimedSpinCounter)
    .says("how long workers wait for a spin lock that yields between two looks")
    .latency("from wanting the lock to having it")
    .operation("one increment, with time stamps")
    .tag("more");
