// volatile makes the compiler do each load and each store, one by one; it makes neither a step of its own, and orders
// nothing between threads. The interleaving that matters is that of counter/unlocked: two workers load the same value.
// It is a data race as without volatile, and loses updates more surely, because no two increments are made one.
// A bad run: two workers, 100,000 turns each, total 118,344 instead of 200,000.
#include <chicane/scenario.h>

struct VolatileCounter {
  volatile long total = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) total = total + 1;
  }
  void check(chicane::Check& check) const { check.equal("total", +total, check.operations()); }
};

CHICANE_SCENARIO("counter/volatile", VolatileCounter)
    .says("workers add to one volatile counter")
    .must(chicane::data_race.at("VolatileCounter::work").on("total", &VolatileCounter::total),
          chicane::wrong_result.at("total").in("explore"))  // elsewhere both workers must have a CPU at once
    .also_workers({5})
    .tag("more");
