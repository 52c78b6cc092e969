// The work that every pool does: squares and cubes of 1 … 64, one task a number, each result in a slot of its own.
// Distinct numbers may be computed at once; everything else only when no task runs.
#pragma once

#include <array>
#include <cstddef>

struct Powers {
  long square = 0;
  long cube = 0;
  bool operator==(const Powers&) const = default;
};

inline Powers powers_of(std::size_t number) {
  const long n = static_cast<long>(number);
  return {n * n, n * n * n};
}

class PowerMap {
 public:
  static constexpr std::size_t size = 64;

  void forget() { results_.fill({}); }
  void compute(std::size_t index) { store(index, powers_of(index + 1)); }
  void store(std::size_t index, Powers powers) { results_[index] = powers; }

  // Results that are not as they must be, found another way: by adding up the differences of neighbours.
  std::size_t wrong() const {
    std::size_t wrong = 0;
    Powers right;
    for (std::size_t i = 0; i < size; ++i) {
      const long n = static_cast<long>(i) + 1;
      right.cube += 3 * n * n - 3 * n + 1;
      right.square += 2 * n - 1;
      wrong += results_[i] != right;
    }
    return wrong;
  }

 private:
  std::array<Powers, size> results_{};
};
