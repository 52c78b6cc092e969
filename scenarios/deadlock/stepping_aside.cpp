// Two workers meet in a corridor: each stands in the way, sees that the other one does too, steps aside for the other
// one to go first, and tries again. The interleaving that matters is that both do so in step; here they keep in step,
// so they always do. A bad run: both are busy, nothing is blocked, and nobody ever gets through.
#include <chicane/scenario.h>

#include <atomic>
#include <thread>

struct SteppingAside {
  std::atomic<bool> in_the_way[2] = {false, false};
  std::atomic<long> steps[2] = {0, 0};

  void keep_step(std::uint32_t own) {
    const long mine = ++steps[own];
    while (steps[1 - own] < mine) std::this_thread::yield();
  }
  void pass(std::uint32_t own) {
    for (;;) {
      in_the_way[own] = true;
      keep_step(own);
      const bool blocked = in_the_way[1 - own];
      keep_step(own);
      if (!blocked) return;
      in_the_way[own] = false;  // after you
    }
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) pass(worker.index());
  }
};
CHICANE_SCENARIO("deadlock/stepping-aside", SteppingAside)
    .says("two workers let each other go first, for ever")
    .exactly_workers(2)
    .time_limit_ms(2000)
    .must(chicane::livelock.at("SteppingAside::keep_step").in("stress,tsan,asan,explore"))
    .may(chicane::limit_exceeded.at("steps"),
         "its state changes at each step, so the explorer can't tell every schedule of it from one that gets on slowly")
    .not_judged_in("bench", "it never ends, so it has no speed")
    .tag("slow");
