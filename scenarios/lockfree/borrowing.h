// Workers borrow two nodes of a stack and give them back in the order in which they took them, which is what lets a
// node come back to the top while another has gone. A node that two workers have at once was handed out twice.
#pragma once

#include <chicane/scenario.h>

#include <array>
#include <atomic>
#include <cstdint>

#include "scenarios/lockfree/node_stack.h"

template <Head kind>
struct Borrowing {
  NodeStack<kind> stack;
  std::array<std::atomic<int>, NodeStack<kind>::nodes + 1> owners{};
  std::atomic<std::uint64_t> handed_out_twice{0};

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const auto first = borrow();
      const auto second = borrow();
      give_back(first);
      give_back(second);
    }
  }
  std::uint32_t borrow() {
    const auto node = stack.pop();
    if (node != 0 && owners[node].fetch_add(1) != 0) ++handed_out_twice;
    return node;
  }
  void give_back(std::uint32_t node) {
    // Of two who have it, the first to give it back keeps it from the stack: a node must not be in it twice.
    if (node != 0 && owners[node].fetch_sub(1) == 1) stack.push(node);
  }
  void check(chicane::Check& check) {
    check.equal("nodes handed out twice", handed_out_twice.load(), 0);
    std::uint32_t left = 0;
    while (left <= NodeStack<kind>::nodes && stack.pop() != 0) ++left;
    check.equal("nodes in the stack at the end", left, NodeStack<kind>::nodes);
  }
};
