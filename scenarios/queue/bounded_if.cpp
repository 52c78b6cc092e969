// The queue of queue/bounded with `if` for `while`. The interleaving that matters: consumer A waits; a producer puts an
// item and notifies A; consumer B comes before A has the lock and takes the item; A then takes one without looking.
// All of it happens under the mutex, so there is no data race for ThreadSanitizer to see.
// A bad run: an item that nobody sent, and the one that A's place gets later is lost.
#include <chicane/scenario.h>

#include "scenarios/queue/bounded_ring.h"
#include "scenarios/queue/passing.h"

using BoundedIfPassing = Passing<BoundedRing<Wait::believe>>;

CHICANE_SCENARIO("queue/bounded-if", BoundedIfPassing)
    .says("a bounded queue whose threads believe a notification without looking again")
    .role<&BoundedIfPassing::produce>("produce")
    .role<&BoundedIfPassing::consume>("consume")
    .must(chicane::wrong_result.at("items that nobody sent"))
    .may(chicane::wrong_result, "what an item that is not there does to order and count depends on the interleaving")
    .may(chicane::hang, "a count that went wrong can leave both sides waiting")
    .may(chicane::lost_wakeup, "a count that went wrong can leave both sides waiting")
    .min_workers(4)
    .workers_multiple_of(2)
    .items_per_operation(1)
    .tag("core");
