// Two workers in a corridor: each claims the way, sees that the other one has claimed it too, steps aside for as long
// as the other is there, and claims it anew. The interleaving that matters is that both do so in step; here each waits
// for the other's claim before it looks, so they always do. A bad run: both are busy, nothing is blocked, and nobody
// ever gets through.
#include <chicane/scenario.h>

#include <atomic>
#include <thread>

struct SteppingAside {
  std::atomic<long> claims[2] = {0, 0};

  void pass(std::uint32_t own) {
    for (;;) {
      const long mine = ++claims[own];
      while (claims[1 - own] < mine) std::this_thread::yield();  // the other one looks at the same time
      if (claims[1 - own] == 0) return;                          // never: it has claimed as often
      std::this_thread::yield();                                 // after you
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
    .must(chicane::livelock.at("SteppingAside::pass").in("stress,tsan,asan"))
    .not_judged_in("bench", "it never ends, so it has no speed")
    .tag("slow");
