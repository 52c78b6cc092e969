// A bounded queue whose threads wait in a loop: whoever wakes looks again whether there is an item or a place, because
// another thread may have come in between the notification and the lock.
// With `if` for `while`, as in queue/bounded-if, a bad run takes an item that is not there.
#include <chicane/scenario.h>

#include "scenarios/queue/bounded_ring.h"
#include "scenarios/queue/passing.h"

using BoundedPassing = Passing<BoundedRing<Wait::look_again>>;

CHICANE_SCENARIO("queue/bounded", BoundedPassing)
    .says("producers pass items to consumers through a bounded queue with condition variables")
    .role<&BoundedPassing::produce>("produce")
    .role<&BoundedPassing::consume>("consume")
    .min_workers(4)
    .workers_multiple_of(2)
    .items_per_operation(1)
    .by_hand(
        "one mutex, and four places, so that threads often sleep; moodycamel's queue has no bound and no lock, and its "
        "threads never sleep")
    .tag("core");
