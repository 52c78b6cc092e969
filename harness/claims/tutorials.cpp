#include "harness/claims/tutorials.h"

namespace chicane {
namespace {

constexpr const char* cpp = "C++";
constexpr const char* python = "CPython";

Side bytes(const char* scenario, const char* counter, std::map<std::string, std::int64_t> args = {}) {
  return {.scenario = scenario, .args = std::move(args), .figure = counter};
}
Side of(const char* scenario, std::map<std::string, std::int64_t> args = {}) {
  return {.scenario = scenario, .args = std::move(args)};
}
// The factorials of the tutorials are job 1.
Side compute(const char* scenario, const char* axis, std::int64_t workers) {
  return {.scenario = scenario, .args = {{"job", 1}, {axis, workers}}};
}
Side messages(const char* scenario, WorkerKind kind) {
  return {.scenario = scenario, .args = {{"bytes", 64}}, .workers = 2, .kind = kind};
}
// 256 tasks are one turn of kind 2.
Side tiny_task_in_a_pool() {
  return {.scenario = "pools/tasks-mutex-pool", .args = {{"kind", 2}, {"threads", 2}}, .divided_by = 256};
}

}  // namespace

const std::vector<TutorialClaim>& tutorial_claims() {
  using enum ClaimKind;
  // A claim of "none" or "no more" allows a tenth; one of "half" asks for 1.8 of 2 (published: 1.67 s to 0.85 s, 1.96).
  static const std::vector<TutorialClaim> claims{
      {"two-threads-halve-waiting", cpp, "two threads halve a job that waits", ratio,
       "time one after the other, over time on two threads (published: 1.96)", of("waiting/sequential"),
       of("waiting/two-threads"), true, 1.8},
      {"two-threads-halve-waiting", python, "two threads halve a job that waits", ratio,
       "time one after the other, over time on two threads (published: 1.96)", of("python/wait-sequential"),
       of("python/wait-threads"), true, 1.8},
      {"third-worker-gains-nothing", cpp, "a third worker for two tasks gains nothing", ratio,
       "time in a pool of two, over time in a pool of three", of("waiting/two-tasks", {{"threads", 2}}),
       of("waiting/two-tasks", {{"threads", 3}}), false, 1.1},
      {"third-worker-gains-nothing", python, "a third worker for two tasks gains nothing", ratio,
       "time in a pool of two, over time in a pool of three", of("python/wait-pool-of-2"), of("python/wait-pool-of-3"),
       false, 1.1},
      {"unlocked-loses-updates",
       cpp,
       "an unlocked counter loses updates",
       shown,
       "processes that counted wrong, of those with two workers",
       {.scenario = "counter/unlocked", .workers = 2}},
      {"unlocked-loses-updates", python, "an unlocked counter loses updates", shown,
       "processes that counted wrong, with a switch between read and write", of("python/counter-unlocked")},
      {"plain-addition-loses-updates", python, "total += 1 without a lock loses updates", shown,
       "processes that counted wrong", of("python/counter-plain")},
      {"lock-makes-exact",
       cpp,
       "a lock makes it exact, at this price",
       price,
       "time of a locked addition by two workers, over that of an unlocked one",
       {.scenario = "counter/locked", .workers = 2},
       {.scenario = "counter/unlocked", .workers = 2}},
      {"lock-makes-exact", python, "a lock makes it exact, at this price", price,
       "time of a locked addition by five threads, over that of total += 1", of("python/counter-locked"),
       of("python/counter-plain")},
      {"semaphore-admits-two",
       cpp,
       "a semaphore of two admits two",
       most,
       "most inside at once",
       {.scenario = "semaphore/at-most-two", .figure = "most_inside"},
       {},
       false,
       2},
      {"semaphore-admits-two",
       python,
       "a semaphore of two admits two",
       most,
       "most inside at once",
       {.scenario = "python/semaphore", .figure = "most_inside"},
       {},
       false,
       2},
      {"gather-takes-the-longest", cpp, "gathering waits of 1 and 2 units takes the longest, not the sum", ratio,
       "time gathered, over time one after the other; the longest is 0.67, the sum 1", of("async/gather-two"),
       of("async/in-a-row"), false, 0.83},
      {"gather-takes-the-longest", python, "gathering waits of 1 and 2 units takes the longest, not the sum", ratio,
       "time gathered, over time one after the other; the longest is 0.67, the sum 1", of("python/gather-two"),
       of("python/await-in-a-row"), false, 0.83},
      {"coroutines-need-less-memory", cpp, "coroutines need less memory than threads", ratio,
       "memory of a thread that waits, over that of a coroutine",
       bytes("waiting/many-threads", "bytes_per_waiting_task"),
       bytes("waiting/many-coroutines", "bytes_per_waiting_task", {{"tasks", 10'000}})},
      {"coroutines-need-less-memory", python, "coroutines need less memory than threads", ratio,
       "memory of a thread that waits, over that of a coroutine", bytes("python/memory-threads", "bytes_per_worker"),
       bytes("python/gather-many", "bytes_per_waiting_task")},
      {"processes-have-separate-memory", cpp, "processes have separate memory", as_declared,
       "processes in which no child's write was seen", of("processes/separate-memory")},
      {"processes-have-separate-memory", python, "processes have separate memory", as_declared,
       "processes in which no child's write was seen", of("python/separate-memory")},
      {"processes-cost-more-to-start", cpp, "processes cost more to start than threads", ratio,
       "time to start and await a process, over that of a thread", of("processes/fork-wait"), of("threads/start-join")},
      {"processes-cost-more-to-start", python, "processes cost more to start than threads", ratio,
       "time to start and await a process, over that of a thread", of("python/start-join-process"),
       of("python/start-join-thread")},
      {"processes-cost-more-memory", cpp, "processes cost more memory than threads", ratio,
       "memory of a process that waits, over that of a thread", bytes("processes/memory", "bytes_per_process"),
       bytes("threads/memory", "bytes_per_thread")},
      {"processes-cost-more-memory", python, "processes cost more memory than threads", ratio,
       "memory of a process that waits, over that of a thread", bytes("python/memory-processes", "bytes_per_worker"),
       bytes("python/memory-threads", "bytes_per_worker")},
      {"processes-beat-threads-for-cpu", cpp, "processes beat threads for CPU work", ratio,
       "time on two threads, over time in two processes", compute("compute/threads", "threads", 2),
       compute("compute/processes", "processes", 2), true, 1.1},
      {"processes-beat-threads-for-cpu", python, "processes beat threads for CPU work", ratio,
       "time on as many threads as cores, over time in as many processes", of("python/factorials-threads"),
       of("python/factorials-processes"), true, 1.1},
      {"threads-talk-more-cheaply", cpp, "threads talk more cheaply than processes", ratio,
       "time of a message between processes through a pipe, over that between threads through a locked ring",
       messages("processes/messages-pipe", WorkerKind::process),
       messages("processes/messages-locked", WorkerKind::thread)},
      {"threads-talk-more-cheaply-than-by-shared-memory", cpp,
       "threads talk more cheaply than processes that share memory", ratio,
       "time of a message between processes through a locked ring in shared memory, over the same between threads",
       messages("processes/messages-locked", WorkerKind::process),
       messages("processes/messages-locked", WorkerKind::thread), true, 1.1},
      {"threads-talk-more-cheaply", python, "threads talk more cheaply than processes", ratio,
       "time of a message between processes through a queue, over that between threads",
       of("python/messages-processes"), of("python/messages-threads")},
      {"pools-spare-the-start", cpp, "a pool of threads spares their start", ratio,
       "time to start and join a thread, over that of a tiny task in a pool", of("threads/start-join"),
       tiny_task_in_a_pool()},
      {"pools-spare-the-start", python, "a pool of threads spares their start", ratio,
       "time to start and join a thread, over that of a tiny task in a pool", of("python/start-join-thread"),
       of("python/pool-threads")},
      {"process-pools-spare-the-start", cpp, "a pool of processes spares their start", ratio,
       "time of a factorial in a process of its own, over that in a pool of one", of("processes/process-per-task"),
       of("processes/pool-submit", {{"processes", 1}})},
      {"process-pools-spare-the-start", python, "a pool of processes spares their start", ratio,
       "time to start and join a process, over that of a tiny task in a pool", of("python/start-join-process"),
       of("python/pool-processes")},
      {"more-than-cores-do-not-help", cpp, "more threads than cores do not help CPU work", ratio,
       "time on as many threads as cores, over time on twice as many",
       compute("compute/threads", "threads", as_many_as_cores), compute("compute/threads", "threads", twice_the_cores),
       false, 1.1},
      {"more-than-cores-do-not-help", python, "more processes than cores do not help CPU work", ratio,
       "time in as many processes as cores, over time in twice as many", of("python/factorials-processes"),
       of("python/factorials-processes-2x"), false, 1.1},
  };
  return claims;
}

const std::vector<TutorialChoice>& tutorial_choices() {
  constexpr const char* cpu = "CPU-bound";
  constexpr const char* waiting = "waiting";
  constexpr const char* mixed = "mixed";
  static const std::vector<TutorialChoice> choices{
      {cpp, cpu, "sequential", of("compute/sequential", {{"job", 1}})},
      {cpp, cpu, "threads", compute("compute/threads", "threads", 2)},
      {cpp, cpu, "processes", compute("compute/processes", "processes", 2)},
      {cpp, cpu, "coroutines", of("compute/coroutines", {{"job", 1}})},
      {cpp, cpu, "pool", compute("compute/pool", "threads", 2)},
      {cpp, waiting, "sequential", of("waiting/sequential")},
      {cpp, waiting, "threads", of("waiting/two-threads")},
      {cpp, waiting, "processes", of("waiting/processes")},
      {cpp, waiting, "coroutines", of("waiting/coroutines")},
      {cpp, waiting, "pool", of("waiting/pool-of-2")},
      {cpp, mixed, "sequential", of("download/sequential")},
      {cpp, mixed, "threads", of("download/thread-per-file")},
      {cpp, mixed, "processes", of("download/processes")},
      {cpp, mixed, "coroutines", of("download/coroutines")},
      {cpp, mixed, "pool", of("download/pool")},
      {python, cpu, "sequential", of("python/factorials-sequential")},
      {python, cpu, "threads", of("python/factorials-threads")},
      {python, cpu, "processes", of("python/factorials-processes")},
      {python, cpu, "coroutines", of("python/factorials-coroutines")},
      {python, cpu, "pool", of("python/factorials-pool")},
      {python, waiting, "sequential", of("python/wait-sequential")},
      {python, waiting, "threads", of("python/wait-threads")},
      {python, waiting, "processes", of("python/wait-processes")},
      {python, waiting, "coroutines", of("python/wait-coroutines")},
      {python, waiting, "pool", of("python/wait-pool-of-2")},
      {python, mixed, "sequential", of("python/download-sequential")},
      {python, mixed, "threads", of("python/download-threads")},
      {python, mixed, "processes", of("python/download-processes")},
      {python, mixed, "coroutines", of("python/download-coroutines")},
      {python, mixed, "pool", of("python/download-pool")},
  };
  return choices;
}

const std::vector<TutorialChoice>& tutorial_starts() {
  constexpr const char* not_alone = "no scenario starts a coroutine alone";
  static const std::vector<TutorialChoice> starts{
      {cpp, start_row, "threads", of("threads/start-join")},
      {cpp, start_row, "processes", of("processes/fork-wait")},
      {cpp, start_row, "coroutines", {}, not_alone},
      {cpp, start_row, "pool", tiny_task_in_a_pool()},
      {python, start_row, "threads", of("python/start-join-thread")},
      {python, start_row, "processes", of("python/start-join-process")},
      {python, start_row, "coroutines", {}, not_alone},
      {python, start_row, "pool", of("python/pool-threads")},
  };
  return starts;
}

const std::vector<TutorialChoice>& tutorial_memory() {
  static const std::vector<TutorialChoice> memory{
      {cpp, memory_row, "threads", bytes("threads/memory", "bytes_per_thread")},
      {cpp, memory_row, "processes", bytes("processes/memory", "bytes_per_process")},
      {cpp, memory_row, "coroutines", bytes("waiting/many-coroutines", "bytes_per_waiting_task", {{"tasks", 10'000}})},
      {python, memory_row, "threads", bytes("python/memory-threads", "bytes_per_worker")},
      {python, memory_row, "processes", bytes("python/memory-processes", "bytes_per_worker")},
      {python, memory_row, "coroutines", bytes("python/gather-many", "bytes_per_waiting_task")},
  };
  return memory;
}

}  // namespace chicane
