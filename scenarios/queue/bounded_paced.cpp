// The queue of queue/bounded-latency with time to spare: an item is due each 100 µs, and its time counts from then on,
// so that a stall shows in all items that fall due in it. What matters is a consumer that is woken for each item. A bad
// run is that of its twin: an item twice, lost, or out of order.
#include <chicane/scenario.h>

#include "scenarios/queue/bounded_ring.h"
#include "scenarios/queue/timed_passing.h"

using PacedBoundedPassing = TimedPassing<BoundedRing<Wait::look_again>>;

CHICANE_SCENARIO("queue/bounded-paced", PacedBoundedPassing)
    .says("how long items take through a bounded queue when one is due each 100 µs")
    .role<&PacedBoundedPassing::produce_in_time>("produce")
    .role<&PacedBoundedPassing::consume>("consume")
    .min_workers(2)
    .workers_multiple_of(2)
    .latency("from when it was due to pop")
    .operation("one item each 100 µs")
    .tag("more");
