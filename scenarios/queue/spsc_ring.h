// A ring for one producer and one consumer without locks. The producer writes a place, then publishes it by the head;
// the consumer reads it, then gives it back by the tail. The memory order of both is up to the twin.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <thread>

#include "scenarios/queue/delivery.h"

inline constexpr std::size_t spsc_places = 64;  // as many in the library's twin, queue/boost-spsc

template <std::memory_order publish, std::memory_order observe>
class SpscRing {
 public:
  void put(const Item& item) {
    const auto head = head_.load(std::memory_order_relaxed);
    while (head - tail_.load(observe) == places_.size()) std::this_thread::yield();
    places_[head % places_.size()] = item;
    head_.store(head + 1, publish);
  }
  Item take() {
    const auto tail = tail_.load(std::memory_order_relaxed);
    while (head_.load(observe) == tail) std::this_thread::yield();
    const Item item = places_[tail % places_.size()];
    tail_.store(tail + 1, publish);
    return item;
  }

 private:
  alignas(64) std::atomic<std::size_t> head_{0};
  alignas(64) std::atomic<std::size_t> tail_{0};
  alignas(64) std::array<Item, spsc_places> places_;
};
