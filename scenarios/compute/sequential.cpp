// The jobs of this family piece by piece on one thread: the line that all others have to beat. Nothing is shared, so no
// interleaving matters.
// A bad run could only come from the arithmetic: a result that differs from the one found another way.
#include <chicane/scenario.h>

#include <cstddef>

#include "scenarios/compute/job.h"

struct SequentialJob {
  Job job;
  TurnResults results;

  explicit SequentialJob(const chicane::Setup& setup) : job(setup) {}

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      for (std::size_t piece = 0; piece < Job::pieces; ++piece) results[piece] = job.result(piece);
      results.end_turn();
    }
  }
  void check(chicane::Check& check) const { check.equal("wrong results", results.wrong(job, check.operations()), 0); }
};

CHICANE_SCENARIO("compute/sequential", SequentialJob)
    .says("computes one piece after the other " CHICANE_JOBS)
    .exactly_workers(1)
    .axis("job", {1, 2, 3, 4})
    .operation("one job")
    .tag("more");
