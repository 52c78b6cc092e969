// A barrier is made for one more than there are workers: an off-by-one in counting who takes part. All workers arrive
// and wait for the one that does not exist. No lock is held and no notification was lost, so no more can be shown than
// that nobody is left to wake them: a hang.
#include <chicane/scenario.h>

#include <barrier>

struct BarrierOneShort {
  std::barrier<> together;
  explicit BarrierOneShort(const chicane::Setup& setup) : together(static_cast<std::ptrdiff_t>(setup.workers()) + 1) {}

  void work(chicane::Worker& worker) {
    for (auto _ : worker) together.arrive_and_wait();
  }
};
CHICANE_SCENARIO("deadlock/barrier-one-short", BarrierOneShort)
    .says("all workers wait at a barrier for one more than there are")
    .must(chicane::hang.at("BarrierOneShort::work"))
    .tag("more");
