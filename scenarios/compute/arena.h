// An arena of oneTBB with as many threads as the axis "threads" (the second one) asks for, built once a trial: its
// threads are there before the first turn. The thread that calls execute() is one of them.
#pragma once

#include <chicane/scenario.h>

#include <cstddef>

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>

struct JobArena {
  explicit JobArena(const chicane::Setup& setup)
      : allowed(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(setup.arg(1))),
        arena(static_cast<int>(setup.arg(1))) {
    arena.initialize();
  }

  tbb::global_control allowed;  // else TBB makes no more threads than it may use CPUs
  tbb::task_arena arena;
};
