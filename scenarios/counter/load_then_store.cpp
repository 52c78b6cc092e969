// A counter that is atomic, and an increment that is not: a load, then a store. The interleaving that matters is that
// of counter/unlocked, two workers that load the same value; but every access is atomic, so there is no data race, and
// ThreadSanitizer rightly has nothing to say. Only the result shows it.
// A bad run: two workers, 100,000 turns each, and a total below 200,000.
#include <chicane/scenario.h>

#include <atomic>

struct LoadThenStore {
  std::atomic<long> total = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) total.store(total.load() + 1);
  }
  void check(chicane::Check& check) const { check.equal("total", total.load(), check.operations()); }
};

CHICANE_SCENARIO("counter/load-then-store", LoadThenStore)
    .says("workers load an atomic counter, add one, and store it")
    .must(chicane::wrong_result.at("total"))
    .also_workers({5})
    .tag("core");
