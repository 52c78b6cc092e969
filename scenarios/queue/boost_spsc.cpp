// The ring of queue/spsc-ring as Boost has it: as many places, published by the same release stores and acquire loads.
// The interleaving that matters is a producer that comes round to a place while the consumer reads it: it must have
// seen the consumer's index move on first. push and pop never wait, so whoever finds no place or no item asks again.
// A bad run would deliver an item twice, lose one, or deliver two in the wrong order.
#include <chicane/scenario.h>

#include <thread>

#include <boost/lockfree/spsc_queue.hpp>

#include "scenarios/queue/passing.h"
#include "scenarios/queue/spsc_ring.h"

class BoostSpscQueue {
 public:
  void put(const Item& item) {
    while (!queue_.push(item)) std::this_thread::yield();
  }
  Item take() {
    Item item;
    while (!queue_.pop(item)) std::this_thread::yield();
    return item;
  }

 private:
  // Aligned: the library keeps its indices 64 bytes apart, and where cache lines begin would be up to its neighbours.
  alignas(64) boost::lockfree::spsc_queue<Item, boost::lockfree::capacity<spsc_places>> queue_;
};

using BoostSpscPassing = Passing<BoostSpscQueue>;

CHICANE_SCENARIO("queue/boost-spsc", BoostSpscPassing)
    .says("one producer passes items to one consumer through a boost::lockfree::spsc_queue")
    .role<&BoostSpscPassing::produce>("produce")
    .role<&BoostSpscPassing::consume>("consume")
    .exactly_workers(2)
    .items_per_operation(1)
    .tag("more")
    .tag("library");
