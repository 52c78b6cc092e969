// The right twin of stepping_aside.cpp: of two that want to pass, the one whose turn it is goes first (Peterson's
// lock). The interleaving that matters is both wanting to pass at once: they still yield to each other while they wait,
// but one of them always gets through. A bad run would go on yielding for ever.
#include <chicane/scenario.h>

#include <atomic>
#include <thread>

struct TakingTurns {
  std::atomic<bool> wants[2] = {false, false};
  std::atomic<std::uint32_t> last = 0;
  long passed = 0;

  void pass(std::uint32_t own) {
    wants[own] = true;
    last = own;
    while (wants[1 - own] && last == own) std::this_thread::yield();
    ++passed;
    wants[own] = false;
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) pass(worker.index());
  }
  void check(chicane::Check& check) const { check.equal("passed", passed, check.operations()); }
};
CHICANE_SCENARIO("deadlock/taking-turns", TakingTurns)
    .says("two workers yield to each other, and the one that came first passes")
    .exactly_workers(2)
    .tag("more");
