// The work of this family: squares and cubes of four numbers, with a wait before each result, as a task that waits for
// a disk or a peer. Results are slots of their own: distinct ones may be found at once.
#pragma once

#include <chicane/scenario.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>

class Waits {
 public:
  static constexpr std::size_t numbers = 4;
  static constexpr std::size_t size = 2 * numbers;  // first the squares, then the cubes

  explicit Waits(std::chrono::milliseconds wait) : wait_(wait) {}

  void find(std::size_t index) {
    std::this_thread::sleep_for(wait_);  // the wait is the work: it stands for a task that uses no CPU
    store(index);
  }
  // What find() does after its wait; for those who wait in another way.
  void store(std::size_t index) {
    constexpr std::array<long, numbers> of{2, 3, 8, 9};
    const long n = of[index % numbers];
    results_[index] = index < numbers ? n * n : n * n * n;
  }
  void squares() {
    for (std::size_t i = 0; i < numbers; ++i) find(i);
  }
  void cubes() {
    for (std::size_t i = numbers; i < size; ++i) find(i);
  }
  void forget() { results_.fill(0); }
  bool right() const { return results_ == std::array<long, size>{4, 9, 64, 81, 8, 27, 512, 729}; }

  std::chrono::milliseconds wait() const { return wait_; }

 private:
  std::chrono::milliseconds wait_;
  std::array<long, size> results_{};
};

// How much of the waiting overlapped: the sum of all waits over the time they took together. 1 is one after the other.
class Overlap {
 public:
  explicit Overlap(chicane::Worker& worker) : worker_(worker) {}

  void report(std::chrono::milliseconds wait) {
    const std::chrono::duration<double> waited = wait * Waits::size * worker_.turns();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
    worker_.count("overlap_ratio", waited / elapsed, chicane::Counter::mean);
  }

 private:
  chicane::Worker& worker_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};
