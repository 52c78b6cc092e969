// The right twin of barrier_one_short.cpp: the barrier is made for as many as there are workers. Each turn is a step
// that all of them take together: nobody begins the next one before all have ended this one. The interleaving that
// matters is the last worker's arrival, which lets all others go; a bad run would leave them asleep.
#include <chicane/scenario.h>

#include <atomic>
#include <barrier>

struct BarrierOfAll {
  std::barrier<> together;
  std::atomic<long> steps = 0;
  explicit BarrierOfAll(const chicane::Setup& setup) : together(static_cast<std::ptrdiff_t>(setup.workers())) {}

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      ++steps;
      together.arrive_and_wait();
    }
  }
  void check(chicane::Check& check) const { check.equal("steps", steps.load(), check.operations()); }
};
CHICANE_SCENARIO("deadlock/barrier-of-all", BarrierOfAll)
    .says("all workers wait for each other at a barrier")
    .tag("more");
