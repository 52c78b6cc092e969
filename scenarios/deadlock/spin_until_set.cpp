// The right twin of spin_for_ever.cpp: the flag is a ticket that one worker hands on to the other at each turn, so the
// one that spins always gets what it waits for, however long that takes. The interleaving that matters is a worker that
// comes before its ticket; a bad run would spin for ever.
#include <chicane/scenario.h>

#include <atomic>
#include <thread>

struct SpinUntilSet {
  std::atomic<long> set = 0;

  void spin(long wanted) {
    while (set < wanted) std::this_thread::yield();
  }
  void work(chicane::Worker& worker) {
    long turn = 0;
    for (auto _ : worker)
      if (++turn, worker.index() == 0)
        set = turn;
      else
        spin(turn);
  }
  void check(chicane::Check& check) const { check.equal("set", 2 * set.load(), check.operations()); }
};
CHICANE_SCENARIO("deadlock/spin-until-set", SpinUntilSet)
    .says("a worker spins until a flag is set, which another one sets")
    .exactly_workers(2)
    .tag("more");
