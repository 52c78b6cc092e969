// Messages through a ring in memory that both workers map; one sender, one receiver. Why it is right is told in
// processes/messages_ring.cpp.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <thread>

#include "scenarios/processes/talking.h"

class LockFreeRing {
 public:
  void send(const char* from, std::size_t size) {
    const auto head = head_.load(std::memory_order_relaxed);
    while (head - tail_.load(std::memory_order_acquire) == MessageRing::places(size)) std::this_thread::yield();
    std::memcpy(ring_.place(head, size), from, size);
    head_.store(head + 1, std::memory_order_release);
  }
  void receive(char* to, std::size_t size) {
    const auto tail = tail_.load(std::memory_order_relaxed);
    while (head_.load(std::memory_order_acquire) == tail) std::this_thread::yield();
    std::memcpy(to, ring_.place(tail, size), size);
    tail_.store(tail + 1, std::memory_order_release);
  }

 private:
  static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "a lock inside would not be shared by processes");
  alignas(64) std::atomic<std::uint64_t> head_{0};
  alignas(64) std::atomic<std::uint64_t> tail_{0};
  MessageRing ring_;
};
