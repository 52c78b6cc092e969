// Workers that go through a section for two, and the check that there were never more. The semaphore is the twin's.
#pragma once

#include <chicane/scenario.h>

#include <thread>

#include "scenarios/semaphore/occupancy.h"

template <typename Semaphore>
struct TwoPlaces {
  Semaphore places{2};
  Occupancy occupancy;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const auto wanted = worker.now();  // where latency is recorded: semaphore/posix-latency
      places.acquire();
      worker.lap(wanted);
      occupancy.enter();
      std::this_thread::yield();  // stays inside while others try to enter, also where all share one CPU
      occupancy.leave();
      places.release();
    }
  }
  void check(chicane::Check& check) {
    check.at_most("workers inside at once", occupancy.most(), 2);
    check.equal("workers inside at the end", occupancy.inside(), 0);
    check.that("both places are free at the end", places.try_acquire() && places.try_acquire());
    check.count("most_inside", occupancy.most(), chicane::Counter::max);
  }
};
