// The ring of queue/spsc-ring with relaxed operations. The interleaving that matters is none: nothing orders the write
// of an item before the store of the head that announces it, so a consumer may see the head and read an old item.
// x86 keeps the order of stores and the compiler happens to, so real runs here look right: it is a data race all the
// same, and wrong on ARM or POWER.
#include <chicane/scenario.h>

#include <atomic>

#include "scenarios/queue/passing.h"
#include "scenarios/queue/spsc_ring.h"

using RelaxedRing = SpscRing<std::memory_order_relaxed, std::memory_order_relaxed>;

struct SpscRelaxedPassing {
  RelaxedRing queue;
  Delivery consumer;
  std::uint64_t each;

  explicit SpscRelaxedPassing(const chicane::Setup& setup) : each(setup.turns()) {}

  void produce(chicane::Worker& worker) {
    Item item;
    for (auto _ : worker) {
      ++item.number;
      queue.put(item);
    }
  }
  void consume(chicane::Worker& worker) {
    for (auto _ : worker) consumer.received(queue.take());
  }
  void check(chicane::Check& check) const { Delivery::check(std::array{consumer}, 1, each, check); }
};

CHICANE_SCENARIO("queue/spsc-ring-relaxed", SpscRelaxedPassing)
    .says("a lock-free ring that publishes its items by relaxed stores")
    .role<&SpscRelaxedPassing::produce>("produce")
    .role<&SpscRelaxedPassing::consume>("consume")
    .must(chicane::data_race.at("SpscRing::put").on("queue", &SpscRelaxedPassing::queue))
    .may(chicane::wrong_result, "a CPU or a compiler that reorders the stores lets the consumer read an old item")
    .exactly_workers(2)
    .items_per_operation(1)
    .tag("more");
