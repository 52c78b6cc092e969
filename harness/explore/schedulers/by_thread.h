// What a scheduler knows of each thread: indexed by number, allocates only for more threads than any schedule before.
#pragma once

#include <vector>

#include "harness/explore/operation.h"

namespace chicane::explore {

template <typename T>
class ByThread {
 public:
  ByThread() : values_(32) {}
  void reset() { values_.assign(values_.size(), T{}); }
  T& operator[](ThreadId thread) {
    if (thread >= values_.size()) values_.resize(thread + 1);
    return values_[thread];
  }

 private:
  std::vector<T> values_;
};

}  // namespace chicane::explore
