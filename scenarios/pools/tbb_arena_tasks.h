// An arena of oneTBB behind the calls that the pools of this family have in common. All of its places are for TBB's own
// threads: the driver only submits and waits, as with the other pools.
#pragma once

#include <cstddef>
#include <utility>

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>

#include "scenarios/pools/unfinished.h"

class TbbArenaTasks {
 public:
  explicit TbbArenaTasks(std::size_t threads)
      : allowed_(tbb::global_control::max_allowed_parallelism, threads + 1), arena_(static_cast<int>(threads), 0) {
    arena_.initialize();
  }

  template <typename Function>
  void submit(Function task) {
    unfinished_.begin();
    arena_.enqueue([this, own = std::move(task)]() {
      own();
      unfinished_.end();
    });
  }
  void wait() { unfinished_.wait(); }

 private:
  Unfinished unfinished_;
  tbb::global_control allowed_;  // with the driver's thread; else TBB makes no more than it may use CPUs
  tbb::task_arena arena_;
};
