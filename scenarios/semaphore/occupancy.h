// How many workers are inside a section now, and the most there ever were. Thread-safe.
#pragma once

#include <atomic>

class Occupancy {
 public:
  void enter() {
    const int now = inside_.fetch_add(1) + 1;
    int seen = most_.load();
    while (seen < now && !most_.compare_exchange_weak(seen, now)) {
    }
  }
  void leave() { inside_.fetch_sub(1); }

  int inside() const { return inside_.load(); }
  int most() const { return most_.load(); }

 private:
  std::atomic<int> inside_{0};
  std::atomic<int> most_{0};
};
