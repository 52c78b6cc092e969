// Passing items, and how long each was on its way. Its producer's stamp lies beside the queue, written before the item
// is put in and read after it is taken out, so that whatever orders items orders stamps. A queue holds few enough items
// that no stamp is written again before it was read.
#pragma once

#include <chicane/open_loop.h>
#include <chicane/scenario.h>

#include <array>
#include <cstdint>
#include <vector>

#include "scenarios/queue/delivery.h"

template <typename Queue>
struct TimedPassing {
  using Stamps = std::array<std::int64_t, 64>;  // by item's number; queues here hold 4 items

  Queue queue;
  std::vector<Delivery> consumers;
  std::vector<Stamps> sent;
  std::uint64_t each;

  explicit TimedPassing(const chicane::Setup& setup)
      : consumers(setup.workers() / 2), sent(setup.workers() / 2), each(setup.turns()) {}

  // The next item when the last one is in.
  void produce(chicane::Worker& worker) {
    Item item{worker.index_in_role(), 0};
    for (auto _ : worker) put(item, worker.now(), worker);
  }
  // An item each 100 µs, whether or not there is a place for it: it is under way from the moment at which it was due.
  void produce_in_time(chicane::Worker& worker) {
    chicane::Arrivals arrivals(worker, 100'000);
    Item item{worker.index_in_role(), 0};
    for (auto _ : worker) put(item, arrivals.wait(), worker);
  }
  void consume(chicane::Worker& worker) {
    Delivery& mine = consumers[worker.index_in_role()];
    for (auto _ : worker) {
      const Item item = queue.take();
      mine.received(item);
      if (worker.records_latency() && item.producer < sent.size()) worker.lap(stamp(item));
    }
  }
  void check(chicane::Check& check) const { Delivery::check(consumers, consumers.size(), each, check); }

 private:
  std::int64_t& stamp(const Item& item) { return sent[item.producer][item.number % std::tuple_size_v<Stamps>]; }
  void put(Item& item, std::int64_t since, chicane::Worker& worker) {
    ++item.number;
    if (worker.records_latency()) stamp(item) = since;
    queue.put(item);
  }
};
