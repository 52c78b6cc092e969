// A Treiber stack of eight nodes that are known by their numbers, so that a popped node's link can still be read. Its
// head is a node's number (0: none), with or without a tag that grows at each change: that is up to the twin.
// All links are atomic and sequentially consistent: what can go wrong is no data race.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

enum class Head { plain, tagged };

template <Head kind>
class NodeStack {
 public:
  static constexpr std::uint32_t nodes = 8;

  NodeStack() {
    for (std::uint32_t node = 1; node <= nodes; ++node) push(node);
  }
  void push(std::uint32_t node) {
    auto old = head_.load();
    do {
      next_[node] = number(old);
    } while (!head_.compare_exchange_weak(old, successor(old, node)));
  }
  std::uint32_t pop() {  // 0: empty
    auto old = head_.load();
    while (number(old) != 0) {
      const std::uint32_t next = next_[number(old)];
      // Between the load of the link and here another thread may pop this node, pop the next one too, and push this
      // one back: the head looks as it did, and the link is out of date.
      if (head_.compare_exchange_weak(old, successor(old, next))) return number(old);
    }
    return 0;
  }

 private:
  static std::uint32_t number(std::uint64_t head) { return static_cast<std::uint32_t>(head); }
  static std::uint64_t successor(std::uint64_t old, std::uint32_t node) {
    return kind == Head::tagged ? ((old >> 32) + 1) << 32 | node : node;
  }

  std::atomic<std::uint64_t> head_{0};
  std::array<std::atomic<std::uint32_t>, nodes + 1> next_{};
};
