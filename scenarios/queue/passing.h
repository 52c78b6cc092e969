// Producers pass numbered items to as many consumers through one queue. Every worker makes the same number of turns, so
// that all that is put in is taken out. The order of one producer's items is checked within each consumer.
#pragma once

#include <chicane/scenario.h>

#include <cstdint>
#include <vector>

#include "scenarios/queue/delivery.h"

template <typename Queue>
struct Passing {
  Queue queue;
  std::vector<Delivery> consumers;
  std::uint64_t each;

  explicit Passing(const chicane::Setup& setup) : consumers(setup.workers() / 2), each(setup.turns()) {}

  void produce(chicane::Worker& worker) {
    Item item{worker.index_in_role(), 0};
    for (auto _ : worker) {
      ++item.number;
      queue.put(item);
    }
  }
  void consume(chicane::Worker& worker) {
    Delivery& mine = consumers[worker.index_in_role()];
    for (auto _ : worker) mine.received(queue.take());
  }
  void check(chicane::Check& check) const { Delivery::check(consumers, consumers.size(), each, check); }
};
