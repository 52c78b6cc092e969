// Vector clocks of one schedule. Times are counted from 1 within the schedule; what a clock does not hold is 0, which
// is before everything. Memory comes from the schedule's arena. A default-made clock is empty and needs none.
#pragma once

#include <cstdint>

#include "harness/explore/arena.h"

namespace chicane::explore {

using ClockIndex = std::uint8_t;  // which entry of the clocks is a thread's

class Clock {
 public:
  std::uint32_t get(ClockIndex of) const { return of < size_ ? times_[of] : 0; }
  void set(Arena& arena, ClockIndex of, std::uint32_t time) {
    if (of >= size_) grow(arena, of + 1U);
    times_[of] = time;
  }
  void raise(Arena& arena, ClockIndex of, std::uint32_t time) {
    if (get(of) < time) set(arena, of, time);
  }
  void join(Arena& arena, const Clock& other) {
    if (other.size_ > size_) grow(arena, other.size_);
    for (std::uint32_t i = 0; i < other.size_; ++i)
      if (times_[i] < other.times_[i]) times_[i] = other.times_[i];
  }
  void assign(Arena& arena, const Clock& other) {
    clear();
    join(arena, other);
  }
  void clear() {
    for (std::uint32_t i = 0; i < size_; ++i) times_[i] = 0;
    size_ = 0;
  }
  bool empty() const { return size_ == 0; }
  bool covers(const Clock& other) const {
    for (std::uint32_t i = 0; i < other.size_; ++i)
      if (other.times_[i] > get(static_cast<ClockIndex>(i))) return false;
    return true;
  }
  std::uint32_t size() const { return size_; }

 private:
  void grow(Arena& arena, std::uint32_t size) {
    if (size > capacity_) {
      const std::uint32_t wider = (size + 7) & ~7U;
      auto* moved = static_cast<std::uint32_t*>(arena.take(wider * sizeof(std::uint32_t)));
      for (std::uint32_t i = 0; i < size_; ++i) moved[i] = times_[i];
      times_ = moved;
      capacity_ = wider;
    }
    for (std::uint32_t i = size_; i < size; ++i) times_[i] = 0;
    size_ = size;
  }

  std::uint32_t* times_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
};

}  // namespace chicane::explore
