// A process pool that computes factorials, built once a trial. A task may have its worker killed, once for each death
// that is left.
#pragma once

#include <chicane/scenario.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <vector>

#include "scenarios/processes/factorials.h"
#include "scenarios/processes/forked.h"
#include "scenarios/processes/process_pool.h"

struct FactorialTask {
  std::uint32_t number = 0;
  std::atomic<int>* deaths_left = nullptr;  // in memory that the workers map
};

inline std::uint32_t run_factorial_task(const FactorialTask& task) {
  if (task.deaths_left != nullptr && task.deaths_left->fetch_sub(1) > 0) std::raise(SIGKILL);
  return factorial_digest(task.number);
}

struct FactorialPool {
  SharedMemory<std::atomic<int>> deaths_left;  // before the pool: its workers map what was there when they began
  ProcessPool<FactorialTask, std::uint32_t> pool;

  explicit FactorialPool(const chicane::Setup& setup)
      : pool(static_cast<std::size_t>(setup.arg()), run_factorial_task) {}

  static std::vector<FactorialTask> all_tasks() {
    std::vector<FactorialTask> tasks(factorial_count);
    for (std::uint32_t i = 0; i < factorial_count; ++i) tasks[i].number = first_factorial + i;
    return tasks;
  }
  static bool right(const FactorialTask& task, const TaskResult<std::uint32_t>& result) {
    return result.end == TaskEnd::done && result.value == expected_digest(task.number);
  }
  // How many results are not there or wrong.
  static std::size_t wrong(const std::vector<FactorialTask>& tasks,
                           const std::vector<TaskResult<std::uint32_t>>& results) {
    std::size_t right_ones = 0;
    for (std::size_t i = 0; i < results.size(); ++i) right_ones += right(tasks[i], results[i]);
    return tasks.size() - right_ones;
  }
};
