// oneTBB's parallel_for: it cuts the pieces' range in halves for as long as threads are idle, and an idle thread steals
// a half from another. Each piece is computed once, into a slot of its own, and the call returns after the last one.
// With one variable for all results, two threads would overwrite each other's.
#include <chicane/scenario.h>

#include <cstddef>

#include <oneapi/tbb/parallel_for.h>

#include "scenarios/compute/arena.h"
#include "scenarios/compute/job.h"

struct ParallelForJob {
  using Environment = JobArena;

  JobArena& environment;
  Job job;
  TurnResults results;

  ParallelForJob(JobArena& built, const chicane::Setup& setup) : environment(built), job(setup) {}

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      environment.arena.execute([this] {
        tbb::parallel_for(std::size_t{0}, Job::pieces,
                          [this](std::size_t piece) { results[piece] = job.result(piece); });
      });
      results.end_turn();
    }
  }
  void check(chicane::Check& check) const { check.equal("wrong results", results.wrong(job, check.operations()), 0); }
};

CHICANE_SCENARIO("compute/parallel-for", ParallelForJob)
    .says("the pieces by oneTBB's parallel_for " CHICANE_JOBS)
    .exactly_workers(1)
    .axis("job", {1, 2, 3, 4})
    .axis("threads", {2})
    .operation("one job")
    .tag("more")
    .tag("library");
