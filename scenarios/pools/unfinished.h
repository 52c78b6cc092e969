// Counts tasks that were submitted and have not ended, for pools that have no wait() of their own. Any thread may call.
#pragma once

#include <atomic>
#include <cstddef>

class Unfinished {
 public:
  void begin() { count_.fetch_add(1, std::memory_order_relaxed); }  // the pool's own queue orders it before end()
  // What the task wrote is visible to who comes back from wait().
  void end() {
    if (count_.fetch_sub(1) == 1) count_.notify_all();
  }
  void wait() const {
    for (std::size_t left; (left = count_.load()) != 0;) count_.wait(left);
  }

 private:
  std::atomic<std::size_t> count_{0};
};
