// There and back through two rings in shared memory, without a system call. What matters is a reader that looks between
// the writing of a message and its publication: it must not see it yet. Right for the reason that messages-ring gives.
// A bad run takes an old message for the answer.
#include <chicane/scenario.h>

#include "scenarios/processes/lock_free_ring.h"
#include "scenarios/processes/round_trips.h"

using RoundTripsByRing = RoundTrips<LockFreeRing>;

CHICANE_SCENARIO("processes/round-trip-ring", RoundTripsByRing)
    .says("one worker, thread or process, asks another through rings in shared memory and waits for the answer")
    .role<&RoundTripsByRing::ask>("ask")
    .role<&RoundTripsByRing::answer>("answer")
    .exactly_workers(2)
    .workers_are(chicane::threads | chicane::processes)
    .latency("from asking to the answer")
    .operation("one message there or back")
    .tag("more");
