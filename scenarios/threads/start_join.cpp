// A thread is started, adds to a counter, and is joined. Two orders make it safe in every interleaving: what was
// written before the start is seen by the thread, and what the thread wrote is seen after join(). The counter needs no
// lock. Without the join, a bad run reads the counter before the thread has added to it, or ends the program by
// destroying a thread that is still to be joined.
#include <chicane/scenario.h>

#include <thread>

struct StartAndJoin {
  long total = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      std::thread thread([this] { ++total; });
      thread.join();
    }
  }
  void check(chicane::Check& check) const { check.equal("total", total, check.operations()); }
};

CHICANE_SCENARIO("threads/start-join", StartAndJoin)
    .says("starts a std::thread and joins it")
    .exactly_workers(1)
    .operation("one thread started and joined")
    .tag("core");
