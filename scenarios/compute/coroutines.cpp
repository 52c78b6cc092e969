// The pieces as coroutines, gathered on the event loop of one thread. Nothing of this work waits, so each piece runs
// from its start to its end and nothing overlaps: it takes as long as one after the other, and what the coroutines cost
// on top. Only one thread is there, so no interleaving changes the results. A bad run could only be a coroutine that
// was never resumed: its slot would stay empty.
#include "scenarios/async/coroutines.h"

#include <chicane/scenario.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "scenarios/compute/job.h"

struct CoroutinesJob {
  asio::io_context loop{1};
  Job job;
  TurnResults results;

  explicit CoroutinesJob(const chicane::Setup& setup) : job(setup) {}

  Task<std::uint64_t> one(std::size_t piece) { co_return job.result(piece); }
  Task<std::vector<std::uint64_t>> all() {
    std::vector<Task<std::uint64_t>> pieces;
    for (std::size_t piece = 0; piece < Job::pieces; ++piece) pieces.push_back(one(piece));
    co_return co_await gather(std::move(pieces));
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const auto found = run(loop, all());
      for (std::size_t piece = 0; piece < found.size(); ++piece) results[piece] = found[piece];
      results.end_turn();
    }
  }
  void check(chicane::Check& check) const { check.equal("wrong results", results.wrong(job, check.operations()), 0); }
};

CHICANE_SCENARIO("compute/coroutines", CoroutinesJob)
    .says("the pieces are coroutines, gathered on one thread " CHICANE_JOBS)
    .not_judged_in("explore", CHICANE_NO_EVENT_LOOP)
    .exactly_workers(1)
    .axis("job", {1, 2, 3, 4})
    .operation("one job")
    .tag("more");
