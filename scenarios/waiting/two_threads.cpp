// Two functions that wait, each on a thread of its own: while one waits the other goes on, and the overlap ratio nears
// 2. Each writes its own slots, and the results are read after both threads have been joined, so no interleaving of the
// two changes them.
// With a join left out, a bad run reads slots that are not filled yet: see waiting/counted-early.
#include <chicane/scenario.h>

#include <chrono>
#include <cstdint>
#include <thread>

#include "scenarios/waiting/waits.h"

struct WaitingOnTwoThreads {
  Waits waits;
  std::uint64_t wrong = 0;

  explicit WaitingOnTwoThreads(const chicane::Setup& setup) : waits(std::chrono::milliseconds(setup.arg())) {}

  void work(chicane::Worker& worker) {
    Overlap overlap(worker);
    for (auto _ : worker) {
      waits.forget();
      std::thread squares([this] { waits.squares(); });
      std::thread cubes([this] { waits.cubes(); });
      squares.join();
      cubes.join();
      wrong += !waits.right();
    }
    overlap.report(waits.wait());
  }
  void check(chicane::Check& check) const { check.equal("wrong results", wrong, 0); }
};

CHICANE_SCENARIO("waiting/two-threads", WaitingOnTwoThreads)
    .says("two functions with four waits each, on two threads")
    .exactly_workers(1)
    .axis("wait_ms", {2})  // the tutorial's own waits are 200 ms: --arg wait_ms=200
    .operation("eight waits")
    .tag("core");
