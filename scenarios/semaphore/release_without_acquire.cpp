// A worker that finds no place gives one back all the same: a return path that forgets that nothing was taken. The
// interleaving that matters is three workers, one of whom comes while both places are taken: from then on there is a
// place too many. The semaphore itself is right, and there is no data race.
// A bad run: three workers inside at once.
#include <chicane/scenario.h>

#include <semaphore>
#include <thread>

#include "scenarios/semaphore/occupancy.h"

struct ReleaseWithoutAcquire {
  std::counting_semaphore<> places{2};
  Occupancy occupancy;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      if (places.try_acquire()) {
        occupancy.enter();
        std::this_thread::yield();  // stays inside while others try to enter, also where all share one CPU
        occupancy.leave();
      }
      places.release();
    }
  }
  void check(chicane::Check& check) const {
    check.at_most("workers inside at once", occupancy.most(), 2);
    check.count("most_inside", occupancy.most(), chicane::Counter::max);
  }
};

CHICANE_SCENARIO("semaphore/release-without-acquire", ReleaseWithoutAcquire)
    .says("workers give back places of a semaphore that they did not take")
    .must(chicane::wrong_result.at("workers inside at once"))
    .min_workers(3)
    .also_workers({3})
    .tag("more");
