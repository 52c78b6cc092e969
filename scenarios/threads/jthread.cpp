// The thread of threads/start-join as a std::jthread, which joins itself when it goes out of scope, also by an
// exception. The same two orders make it safe in every interleaving: the start comes before the thread's work, which
// comes before the end of the join. A bad run would be a counter that is read inside the scope, before the thread has
// ended.
#include <chicane/scenario.h>

#include <thread>

struct JoinsItself {
  long total = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const std::jthread thread([this] { ++total; });
    }
  }
  void check(chicane::Check& check) const { check.equal("total", total, check.operations()); }
};

CHICANE_SCENARIO("threads/jthread", JoinsItself)
    .says("starts a std::jthread, which joins itself at the end of its scope")
    .exactly_workers(1)
    .operation("one thread started and joined")
    .tag("more");
