// Two functions that wait, one after the other on one thread: eight waits in a row, and an overlap ratio just under 1.
// Nothing is shared, so no interleaving matters; it is the line that the other scenarios of this family have to beat.
// A bad run could only be a wrong result, or a ratio above 1: a wait that did not wait.
#include <chicane/scenario.h>

#include <chrono>
#include <cstdint>

#include "scenarios/waiting/waits.h"

struct WaitingSequentially {
  Waits waits;
  std::uint64_t wrong = 0;

  explicit WaitingSequentially(const chicane::Setup& setup) : waits(std::chrono::milliseconds(setup.arg())) {}

  void work(chicane::Worker& worker) {
    Overlap overlap(worker);
    for (auto _ : worker) {
      waits.forget();
      waits.squares();
      waits.cubes();
      wrong += !waits.right();
    }
    overlap.report(waits.wait());
  }
  void check(chicane::Check& check) const { check.equal("wrong results", wrong, 0); }
};

CHICANE_SCENARIO("waiting/sequential", WaitingSequentially)
    .says("two functions with four waits each, one after the other")
    .exactly_workers(1)
    .axis("wait_ms", {2})  // the tutorial's own waits are 200 ms: --arg wait_ms=200
    .operation("eight waits")
    .tag("core");
