// A lock-free ring for one producer and one consumer. The release store of the head orders the write of the item before
// it, and the acquire load of whoever sees that head orders the read after it; the tail does the same for reuse.
// With relaxed operations, as in queue/spsc-ring-relaxed, nothing orders item and head.
#include "scenarios/queue/spsc_ring.h"

#include <chicane/scenario.h>

#include <atomic>

#include "scenarios/queue/passing.h"

using SpscPassing = Passing<SpscRing<std::memory_order_release, std::memory_order_acquire>>;

CHICANE_SCENARIO("queue/spsc-ring", SpscPassing)
    .says("one producer passes items to one consumer through a lock-free ring")
    .role<&SpscPassing::produce>("produce")
    .role<&SpscPassing::consume>("consume")
    .exactly_workers(2)
    .items_per_operation(1)
    .by_hand(
        "the library takes the same steps in the same memory orders; its index arithmetic differs, and its first "
        "places share a cache line with an index")
    .tag("more");
