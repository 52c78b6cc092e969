// moodycamel's lock-free queue: each producer has a list of blocks of its own, which it fills in order, and consumers
// take from any of them. In every interleaving an item goes to one consumer, and those of one producer in their order;
// between producers there is none. It is not bounded: a producer never waits, and a consumer that finds nothing asks
// again.
// A bad run would deliver an item twice, lose one, or deliver two of one producer in the wrong order.
#include <chicane/scenario.h>

#include <thread>

#include <concurrentqueue/concurrentqueue.h>

#include "scenarios/queue/passing.h"

class MoodycamelQueue {
 public:
  void put(const Item& item) { queue_.enqueue(item); }
  Item take() {
    Item item;
    while (!queue_.try_dequeue(item)) std::this_thread::yield();
    return item;
  }

 private:
  moodycamel::ConcurrentQueue<Item> queue_;
};

using MoodycamelPassing = Passing<MoodycamelQueue>;

constexpr const char* out_of_sight =
    "the library orders its items by fences and takes its own code out of the sanitizer's sight (MOODYCAMEL_NO_TSAN)";

CHICANE_SCENARIO("queue/moodycamel", MoodycamelPassing)
    .says("producers pass items to consumers through moodycamel::ConcurrentQueue")
    .role<&MoodycamelPassing::produce>("produce")
    .role<&MoodycamelPassing::consume>("consume")
    .not_judged_in("tsan", out_of_sight)
    .not_judged_in("explore", out_of_sight)
    .min_workers(4)
    .workers_multiple_of(2)
    .items_per_operation(1)
    .tag("more")
    .tag("library");
