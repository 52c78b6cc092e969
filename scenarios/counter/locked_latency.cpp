// How long a worker waits for a mutex that all want: who does not get it at once sleeps, and has to be woken.
// What matters is a worker that comes while another holds the lock: it must not get in before the other is out.
// Right as counter/locked is. A bad run would lose increments, as counter/unlocked does.
#include <chicane/scenario.h>

#include <mutex>

#include "scenarios/counter/timed_counter.h"

using TimedMutexCounter = TimedCounter<std::mutex>;

CHICANE_SCENARIO("counter/locked-latency", TimedMutexCounter)
    .says("how long workers wait for a std::mutex")
    .latency("from wanting the lock to having it")
    .operation("one increment, with time stamps")
    .tag("more");
