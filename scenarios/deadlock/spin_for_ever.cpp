// A worker spins until a flag is set, and nobody sets it: whoever should have has ended without doing so. It runs and
// runs, so it can't be told from one that is slow before its time is over; then it can be told where it was. It is no
// livelock: nothing changes, and there is nobody whom it steps aside for.
#include <chicane/scenario.h>

#include <atomic>
#include <thread>

struct SpinForEver {
  std::atomic<bool> set = false;

  void spin() {
    while (!set) std::this_thread::yield();
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker)
      if (worker.index() == 1) spin();
  }
};
CHICANE_SCENARIO("deadlock/spin-for-ever", SpinForEver)
    .says("a worker spins until a flag is set that nobody sets")
    .exactly_workers(2)
    .time_limit_ms(2000)
    .must(chicane::hang.at("SpinForEver::spin"))
    .not_judged_in("bench", "it never ends, so it has no speed")
    .tag("slow");
