// Three tasks of which the second throws, while the others still wait: the state of the scenarios about exceptions.
// One thread runs the loop and all tasks, so `caught` and `ended` need no lock. Whoever starts the tasks decides what
// becomes of the exception.
#pragma once

#include <chicane/scenario.h>

#include <chrono>
#include <stdexcept>
#include <vector>

#include "scenarios/async/coroutines.h"

struct TaskFailed : std::runtime_error {
  TaskFailed() : std::runtime_error("the second of three tasks fails on purpose") {}
};

struct Failing {
  asio::io_context loop{1};
  long caught = 0;
  int ended = 0;  // tasks of this turn that came to their end

  Task<int> task(int number) {
    co_await wait_for(std::chrono::milliseconds(number == 1 ? 0 : 1));
    if (number == 1) throw TaskFailed();
    ++ended;
    co_return number;
  }
  std::vector<Task<int>> three() {
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 3; ++i) tasks.push_back(task(i));
    return tasks;
  }
};
