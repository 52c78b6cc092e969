// The two functions of waiting/two-threads, each in a process that is forked for it: they overlap as the threads do,
// and cost more to start. A child has its own copy of everything but the results, which lie in memory that both map;
// each writes its own slots, and they are read after both have ended, so no interleaving changes them.
// With results in ordinary memory, a bad run finds them all 0: the children wrote to their copies.
#include <chicane/scenario.h>

#include <chrono>
#include <cstdint>

#include "scenarios/processes/forked.h"
#include "scenarios/waiting/waits.h"

struct WaitingInProcesses {
  SharedMemory<Waits> waits;
  std::uint64_t wrong = 0, failed = 0;

  explicit WaitingInProcesses(const chicane::Setup& setup) : waits(std::chrono::milliseconds(setup.arg())) {}

  void work(chicane::Worker& worker) {
    Overlap overlap(worker);
    for (auto _ : worker) {
      waits->forget();
      failed += fork_and_wait(2, [this](std::size_t child) { child == 0 ? waits->squares() : waits->cubes(); });
      wrong += !waits->right();
    }
    overlap.report(waits->wait());
  }
  void check(chicane::Check& check) const {
    check.equal("processes that failed", failed, 0);
    check.equal("wrong results", wrong, 0);
  }
};

CHICANE_SCENARIO("waiting/processes", WaitingInProcesses)
    .says("two functions with four waits each, in two forked processes")
    .not_judged_in("tsan", CHICANE_FORKED_UNSEEN)
    .not_judged_in("explore", CHICANE_FORKED_UNCONTROLLED)
    .exactly_workers(1)
    .axis("wait_ms", {2})  // the tutorial's own waits are 200 ms: --arg wait_ms=200
    .operation("eight waits")
    .tag("more");
