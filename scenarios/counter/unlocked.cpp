// ++ on a plain long is three steps: load, add, store. The interleaving that matters is two workers that load the same
// value before either of them stores: both store the same sum, and one increment is lost. Nothing orders the accesses,
// so it is a data race and undefined behaviour even where no increment is lost.
// A bad run: two workers, 100,000 turns each, total 137,402 instead of 200,000.
#include <chicane/scenario.h>

struct UnlockedCounter {
  long total = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) ++total;
  }
  void check(chicane::Check& check) const { check.equal("total", total, check.operations()); }
};

CHICANE_SCENARIO("counter/unlocked", UnlockedCounter)
    .says("workers add to one plain counter")
    .must(chicane::data_race.at("UnlockedCounter::work").on("total", &UnlockedCounter::total),
          chicane::wrong_result.at("total"))
    .also_workers({5})
    .tag("core");
