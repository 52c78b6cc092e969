// The bounded queue of queue/bounded, and how long an item takes from push to pop. Producers are faster than consumers
// or the other way round, so mostly the queue is full or empty: an item waits behind the three before it, or for a
// consumer to wake up. Right for the same reason as its twin: whoever wakes looks again.
// A bad run would deliver an item twice, lose one, or deliver two of one producer in the wrong order.
#include <chicane/scenario.h>

#include "scenarios/queue/bounded_ring.h"
#include "scenarios/queue/timed_passing.h"

using TimedBoundedPassing = TimedPassing<BoundedRing<Wait::look_again>>;

CHICANE_SCENARIO("queue/bounded-latency", TimedBoundedPassing)
    .says("how long items take through a bounded queue that producers keep as full as they can")
    .role<&TimedBoundedPassing::produce>("produce")
    .role<&TimedBoundedPassing::consume>("consume")
    .min_workers(2)
    .workers_multiple_of(2)
    .latency("from push to pop")
    .operation("one item passed on, with time stamps")
    .tag("more");
