// Threads of this turn's own take pieces from one atomic index: fetch_add gives each piece to one of them, whatever the
// interleaving, and a faster one takes more. Each result has a slot of its own, and the slots are read after the joins.
// More threads than cores gain nothing. With a plain index, a bad run computes pieces twice or leaves some out.
#include <chicane/scenario.h>

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

#include "scenarios/compute/job.h"

struct ThreadsJob {
  Job job;
  TurnResults results;

  explicit ThreadsJob(const chicane::Setup& setup) : job(setup) {}

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      std::atomic<std::size_t> next{0};
      std::vector<std::thread> threads;
      for (std::int64_t i = 0; i < worker.arg(1); ++i)
        threads.emplace_back([&] {
          for (std::size_t piece; (piece = next.fetch_add(1)) < Job::pieces;) results[piece] = job.result(piece);
        });
      for (std::thread& thread : threads) thread.join();
      results.end_turn();
    }
  }
  void check(chicane::Check& check) const { check.equal("wrong results", results.wrong(job, check.operations()), 0); }
};

CHICANE_SCENARIO("compute/threads", ThreadsJob)
    .says("threads share out the pieces through one atomic index " CHICANE_JOBS)
    .exactly_workers(1)
    .axis("job", {1, 2, 3, 4})
    .axis("threads", {4, 2})
    .scales("threads")
    .operation("one job")
    .tag("core");
