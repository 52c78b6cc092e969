// Processes have separate memory. A child changes a plain variable and a variable in shared memory, and ends; its
// parent finds the first as it was and the second changed. No interleaving matters: the parent waits for the child's
// end. Whoever believes that a child's write is seen, as processes/believed-shared does, has a bad run every time.
#include <chicane/scenario.h>

#include "scenarios/processes/forked.h"

struct SeparateMemory {
  long own = 0;
  SharedMemory<long> shared;

  void work(chicane::Worker& worker) {
    for (auto _ : worker)
      fork_and_wait(1, [this](std::size_t) {
        ++own;
        ++*shared.operator->();
      });
  }
  void check(chicane::Check& check) const {
    check.equal("own, after the children's writes", own, 0);
    check.equal("shared, after the children's writes", *shared.operator->(), check.operations());
  }
};

CHICANE_SCENARIO("processes/separate-memory", SeparateMemory)
    .says("a child's write to a plain variable is not seen, one to shared memory is")
    .exactly_workers(1)
    .operation("one child that writes")
    .not_judged_in("tsan", CHICANE_FORKED_UNSEEN)
    .not_judged_in("explore", CHICANE_FORKED_UNCONTROLLED)
    .tag("more");
