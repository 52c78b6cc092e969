#include "tests/benchmarks/explore_bodies.h"

#include <algorithm>
#include <atomic>
#include <vector>

namespace {

std::atomic<int> shared;

void reset() { shared.store(0, std::memory_order_relaxed); }

void forty_operations() {
  for (int i = 0; i < 20; ++i) shared.store(shared.load() + 1);
}

void many_operations(std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) shared.fetch_add(1);
}

void sort() {
  std::vector<int> numbers(300'000);
  unsigned random = 1;
  for (int& number : numbers) {
    random = random * 1664525U + 1013904223U;
    number = static_cast<int>(random >> 4);
  }
  std::sort(numbers.begin(), numbers.end());
}

}  // namespace

const ExploreBodies CHICANE_BODIES = {reset, forty_operations, many_operations, sort};
