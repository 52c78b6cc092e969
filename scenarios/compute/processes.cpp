// Processes of this turn's own, forked for it, take pieces from one atomic index in memory that all of them map: safe
// as between threads, because the atomic is lock-free. The results lie in the same memory; waitpid comes before they
// are read. Where threads have no global lock, processes only cost more to start.
// A child that died would leave pieces out: its status is looked at.
#include <chicane/scenario.h>

#include <atomic>
#include <cstddef>

#include "scenarios/compute/job.h"
#include "scenarios/processes/forked.h"

struct ProcessesJob {
  struct Shared {
    std::atomic<std::size_t> next{0};
    TurnResults results;
  };
  Job job;
  SharedMemory<Shared> shared;
  std::size_t failed = 0;

  explicit ProcessesJob(const chicane::Setup& setup) : job(setup) {}

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      shared->next = 0;
      failed += fork_and_wait(static_cast<std::size_t>(worker.arg(1)), [this](std::size_t) {
        for (std::size_t piece; (piece = shared->next.fetch_add(1)) < Job::pieces;)
          shared->results[piece] = job.result(piece);
      });
      shared->results.end_turn();
    }
  }
  void check(chicane::Check& check) const {
    check.equal("processes that failed", failed, 0);
    check.equal("wrong results", shared->results.wrong(job, check.operations()), 0);
  }
};

CHICANE_SCENARIO("compute/processes", ProcessesJob)
    .says("forked processes share out the pieces through one atomic index " CHICANE_JOBS)
    .not_judged_in("tsan", CHICANE_FORKED_UNSEEN)
    .not_judged_in("explore", CHICANE_FORKED_UNCONTROLLED)
    .exactly_workers(1)
    .axis("job", {1, 2, 3, 4})
    .axis("processes", {2})
    .operation("one job")
    .tag("more");
