// A process is made by fork() and waited for. It begins as a copy of this one, with the one thread that forked; what it
// does then is its own. No interleaving matters: nothing is shared but the exit status, which waitpid() brings.
// A bad run leaves children behind that nobody waits for, or lets one run on into its parent's code: hence _exit().
#include <chicane/scenario.h>

#include "scenarios/processes/forked.h"

struct ForkAndWait {
  std::size_t failed = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) failed += fork_and_wait(1, [](std::size_t) {});
  }
  void check(chicane::Check& check) const { check.equal("children that did not end well", failed, 0); }
};

CHICANE_SCENARIO("processes/fork-wait", ForkAndWait)
    .says("forks a process that does nothing and waits for it")
    .exactly_workers(1)
    .operation("one process started and waited for")
    .not_judged_in("explore", CHICANE_FORKED_UNCONTROLLED)
    .tag("more");
