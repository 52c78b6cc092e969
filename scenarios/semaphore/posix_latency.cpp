// The POSIX semaphore of semaphore/posix, and how long a worker waits for one of its two places. With two workers there
// is always a place; with more, one of them sleeps and has to be woken, or finds the place gone again when it is awake.
// Right for the same reason as its twin. A bad run would be three workers inside at once.
#include <chicane/scenario.h>

#include <thread>

#include "scenarios/semaphore/occupancy.h"
#include "scenarios/semaphore/posix_semaphore.h"

struct TimedPlaces {
  PosixSemaphore places{2};
  Occupancy occupancy;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const auto wanted = worker.now();
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
  }
};

CHICANE_SCENARIO("semaphore/posix-latency", TimedPlaces)
    .says("how long workers wait for one of the two places of a POSIX semaphore")
    .also_workers({3, 8})
    .latency("from wanting a place to having it")
    .operation("once in and out, with time stamps")
    .tag("more");
