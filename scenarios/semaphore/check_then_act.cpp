// A hand-made semaphore that looks whether a place is free and then takes it: two steps. The interleaving that matters
// is three workers that all look while a place is left, and then all take one. The count itself is a plain int, so
// looking, taking and giving back race too, and lost updates leave too many or too few places behind.
// A bad run: three workers inside at once, and -1 or 4 places at the end. A worker that finds no place is turned away
// and does not wait, so that a place that was lost for good can't block the run.
#include <chicane/scenario.h>

#include <thread>

#include "scenarios/semaphore/occupancy.h"

struct CheckThenAct {
  int places = 2;
  Occupancy occupancy;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const bool free = places >= 1;  // look …
      std::this_thread::yield();      // what any code between the two may cost
      if (!free) continue;
      --places;  // … then take
      occupancy.enter();
      std::this_thread::yield();  // stays inside while others try to enter, also where all share one CPU
      occupancy.leave();
      ++places;
    }
  }
  void check(chicane::Check& check) const {
    check.at_most("workers inside at once", occupancy.most(), 2);
    check.equal("places at the end", places, 2);
    check.count("most_inside", occupancy.most(), chicane::Counter::max);
  }
};

CHICANE_SCENARIO("semaphore/check-then-act", CheckThenAct)
    .says("a semaphore that checks its count and then acts lets a third worker in")
    .must(chicane::data_race.at("CheckThenAct::work").on("places", &CheckThenAct::places), chicane::wrong_result)
    .min_workers(3)
    .also_workers({3})
    .tag("core");
