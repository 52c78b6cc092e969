// oneTBB's concurrent_bounded_queue: eight inner queues in turn, each item's place given by one ticket that an atomic
// hands out, so in any interleaving an item has one producer and one consumer, and those of one producer keep their
// order. push waits while four items are inside, pop while there is none.
// A bad run would deliver an item twice, lose one, or deliver two of one producer in the wrong order.
#include <chicane/scenario.h>

#include <oneapi/tbb/concurrent_queue.h>

#include "scenarios/queue/passing.h"

class TbbBoundedQueue {
 public:
  TbbBoundedQueue() { queue_.set_capacity(4); }
  void put(const Item& item) { queue_.push(item); }
  Item take() {
    Item item;
    queue_.pop(item);
    return item;
  }

 private:
  tbb::concurrent_bounded_queue<Item> queue_;
};

using TbbBoundedPassing = Passing<TbbBoundedQueue>;

CHICANE_SCENARIO("queue/tbb-bounded", TbbBoundedPassing)
    .says("producers pass items to consumers through a tbb::concurrent_bounded_queue")
    .role<&TbbBoundedPassing::produce>("produce")
    .role<&TbbBoundedPassing::consume>("consume")
    .min_workers(4)
    .workers_multiple_of(2)
    .items_per_operation(1)
    .tag("more")
    .tag("library");
