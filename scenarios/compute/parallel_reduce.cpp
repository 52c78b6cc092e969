// oneTBB's parallel_reduce: each thread adds up the results of its part of the range in a sum of its own, and the sums
// are added when parts end. Nothing is shared while they compute; unsigned addition gives the same in any order.
// With one sum for all threads, a bad run loses additions: see compute/unlocked-sum.
#include <chicane/scenario.h>

#include <cstddef>
#include <cstdint>
#include <functional>

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_reduce.h>

#include "scenarios/compute/arena.h"
#include "scenarios/compute/job.h"

struct ParallelReduceJob {
  using Environment = JobArena;

  JobArena& environment;
  Job job;
  std::uint64_t all_turns = 0;

  ParallelReduceJob(JobArena& built, const chicane::Setup& setup) : environment(built), job(setup) {}

  std::uint64_t sum() const {
    return tbb::parallel_reduce(
        tbb::blocked_range<std::size_t>(0, Job::pieces), std::uint64_t{0},
        [this](const tbb::blocked_range<std::size_t>& range, std::uint64_t part) {
          for (std::size_t piece = range.begin(); piece != range.end(); ++piece) part += job.result(piece);
          return part;
        },
        std::plus<>());
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) all_turns += environment.arena.execute([this] { return sum(); });
  }
  void check(chicane::Check& check) const {
    std::uint64_t right = 0;
    for (std::size_t piece = 0; piece < Job::pieces; ++piece) right += job.right_result(piece);
    check.equal("sum of the results", all_turns, right * check.operations());
  }
};

CHICANE_SCENARIO("compute/parallel-reduce", ParallelReduceJob)
    .says("adds up the pieces by oneTBB's parallel_reduce " CHICANE_JOBS)
    .exactly_workers(1)
    .axis("job", {1, 2, 3, 4})
    .axis("threads", {2})
    .operation("one job")
    .tag("more")
    .tag("library");
