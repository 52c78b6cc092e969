// The threads of compute/threads with one lock around all that they compute, as an interpreter has: only its owner gets
// on, and the others wait for their turn. It is right, whatever the interleaving, and never faster than one thread;
// what it takes longer than compute/sequential is the price of threads and of passing the lock around. A bad run could
// only be a wrong result.
#include <chicane/scenario.h>

#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#include "scenarios/compute/job.h"

struct GlobalLockJob {
  Job job;
  TurnResults results;
  std::mutex global;

  explicit GlobalLockJob(const chicane::Setup& setup) : job(setup) {}

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      std::size_t next = 0;
      std::vector<std::thread> threads;
      for (std::int64_t i = 0; i < worker.arg(1); ++i) threads.emplace_back([&] { compute(next); });
      for (std::thread& thread : threads) thread.join();
      results.end_turn();
    }
  }
  void compute(std::size_t& next) {
    while (true) {
      const std::lock_guard lock(global);
      if (next == Job::pieces) return;
      results[next] = job.result(next);
      ++next;
    }
  }
  void check(chicane::Check& check) const { check.equal("wrong results", results.wrong(job, check.operations()), 0); }
};

CHICANE_SCENARIO("compute/global-lock", GlobalLockJob)
    .says("threads compute under one global lock, as in an interpreter " CHICANE_JOBS)
    .exactly_workers(1)
    .axis("job", {1, 2, 3, 4})
    .axis("threads", {2})
    .operation("one job")
    .tag("more");
