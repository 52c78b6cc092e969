// The tasks of pools/tasks-mutex-pool on a pool of processes. What matters is whose result is whose: each task has a
// slot in shared memory, which one worker takes by an exchange of its state. An exception ends in the worker: its
// task's slot says that it threw, and the worker goes on to the next one.
// Nested tasks are left out: the pool has one owner, who alone may submit, and a worker is another process.
// A bad run loses a result, or has it in another task's place.
#include <chicane/scenario.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "scenarios/pools/kinds_of_task.h"
#include "scenarios/processes/forked.h"
#include "scenarios/processes/process_pool.h"

struct TaskOfKind {
  std::int64_t kind;
  std::uint64_t number;
};

struct KindsOfTaskInProcesses {
  struct Environment {
    ProcessPool<TaskOfKind, std::uint64_t> pool;
    explicit Environment(const chicane::Setup& setup) : pool(static_cast<std::size_t>(setup.arg(1)), run) {}
  };

  Environment& environment;
  std::vector<TaskOfKind> tasks;
  std::uint64_t wrong = 0;

  KindsOfTaskInProcesses(Environment& built, const chicane::Setup& setup) : environment(built) {
    if (setup.arg() == 4) throw std::invalid_argument("nested tasks: only the owner of a process pool may submit");
    const std::uint64_t count = setup.arg() == 2 ? 4 * tasks_of_a_kind : tasks_of_a_kind;
    for (std::uint64_t i = 0; i < count; ++i) tasks.push_back({setup.arg(), i});
  }

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const auto results = environment.pool.map(tasks);
      bool all_right = results.size() == tasks.size();
      for (std::size_t i = 0; i < results.size(); ++i) all_right &= right(tasks[i], results[i]);
      wrong += !all_right;
    }
  }
  void check(chicane::Check& check) const { check.equal("wrong turns", wrong, 0); }

 private:
  static std::uint64_t units(std::uint64_t number) { return (number == 0 ? tasks_of_a_kind - 1 : 1) * skewed_units; }
  static std::uint64_t run(const TaskOfKind& task) {  // in a worker
    switch (task.kind) {
      case 1: return task.number * task.number;
      case 2: return 1;
      case 3: return loop_of(units(task.number));
      default: return one_in_four_throws(task.number);
    }
  }
  static bool right(const TaskOfKind& task, const TaskResult<std::uint64_t>& result) {
    if (task.kind == 5 && task.number % 4 == 0) return result.end == TaskEnd::threw;
    const std::uint64_t value = task.kind == 1 ? task.number * task.number : task.kind == 3 ? units(task.number) : 1;
    return result.end == TaskEnd::done && result.value == value;
  }
};

CHICANE_SCENARIO("pools/tasks-process-pool", KindsOfTaskInProcesses)
    .says(
        "tasks of several kinds on a pool of processes (kind 1: result by a ticket, 2: tiny, 3: skewed, "
        "5: some throw; not 4, nested: only the pool's owner may submit)")
    .exactly_workers(1)
    .axis("kind", {1, 2, 3, 5})
    .axis("processes", {2})
    .operation("tasks of one kind")
    .not_judged_in("tsan", CHICANE_FORKED_UNSEEN)
    .not_judged_in("explore", CHICANE_FORKED_UNCONTROLLED)
    .by_hand("each task costs a write to a pipe and a read from it; oneTBB's threads, while awake, need no system call")
    .tag("more");
