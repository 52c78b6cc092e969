// Each task has a process of its own, which puts its result into shared memory and ends. The interleaving that matters
// is a read of the result before it is there: waitpid() comes first, and what a process wrote before its end is seen
// after it. Compare processes/factorials, whose processes are started once, and processes/pool-submit. Without the
// wait, a bad run finds a result of 0.
#include <chicane/scenario.h>

#include <atomic>
#include <cstdint>

#include "scenarios/processes/factorials.h"
#include "scenarios/processes/forked.h"

struct ProcessPerTask {
  SharedMemory<std::atomic<std::uint32_t>> result;
  long wrong = 0;

  void work(chicane::Worker& worker) {
    std::uint32_t next = 0;
    for (auto _ : worker) {
      const std::uint32_t number = first_factorial + next++ % factorial_count;
      result->store(0);
      fork_and_wait(1, [&](std::size_t) { result->store(factorial_digest(number)); });
      wrong += result->load() != expected_digest(number);
    }
  }
  void check(chicane::Check& check) const { check.equal("wrong digests", wrong, 0); }
};

CHICANE_SCENARIO("processes/process-per-task", ProcessPerTask)
    .says("a process is forked for each factorial and waited for")
    .exactly_workers(1)
    .operation("one factorial")
    .not_judged_in("tsan", CHICANE_FORKED_UNSEEN)
    .not_judged_in("explore", CHICANE_FORKED_UNCONTROLLED)
    .tag("more");
