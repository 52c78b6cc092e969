// A program that was written for threads and now forks: it believes that the children add to its own variable. Each
// adds to a copy, which goes with it. No interleaving matters, and no detector has anything to say: only the result
// shows it. A bad run is every run: the total is 0.
#include <chicane/scenario.h>

#include "scenarios/processes/forked.h"

struct BelievedShared {
  long total = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) fork_and_wait(1, [this](std::size_t) { ++total; });
  }
  void check(chicane::Check& check) const { check.equal("total", total, check.operations()); }
};

CHICANE_SCENARIO("processes/believed-shared", BelievedShared)
    .says("forked processes add to a variable that they do not share")
    .must(chicane::wrong_result.at("total").in("bench,stress,tsan,asan"))
    .exactly_workers(1)
    .operation("one child that writes")
    .not_judged_in("explore", CHICANE_FORKED_UNCONTROLLED)
    .tag("more");
