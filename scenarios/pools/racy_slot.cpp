// The map of pools/mutex-pool with one result slot for all tasks: each writes its result there and then takes it to its
// own place. The interleaving that matters is a second task that writes the slot between the two steps of the first.
// Nothing orders the tasks of two threads, so it is a data race on every map.
// A bad run: 27² in the place of 26². The first two tasks wait for each other, so that two threads really take part.
#include <chicane/scenario.h>

#include <barrier>
#include <cstddef>

#include "scenarios/pools/pool_environment.h"
#include "scenarios/pools/power_map.h"

struct RacySlot {
  using Environment = PoolEnvironment;

  PoolEnvironment& environment;
  std::barrier<> meeting{environment.meeting()};
  Powers slot;
  PowerMap map;
  std::size_t wrong = 0;

  explicit RacySlot(PoolEnvironment& built) : environment(built) {}

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      map.forget();
      for (std::size_t i = 0; i < PowerMap::size; ++i) environment.pool.submit([this, i] { task(i); });
      environment.pool.wait();
      wrong += map.wrong();
    }
  }
  void task(std::size_t index) {
    if (index < 2) meeting.arrive_and_wait();
    slot = powers_of(index + 1);
    chicane::clobber();  // else the compiler keeps the result in registers and never reads the slot again
    map.store(index, slot);
  }
  void check(chicane::Check& check) const { check.equal("wrong results", wrong, 0); }
};

CHICANE_SCENARIO("pools/racy-slot", RacySlot)
    .says("all tasks of a pool pass their results through one slot")
    .must(chicane::data_race.at("RacySlot::task").on("slot", &RacySlot::slot),
          // Between two instructions of a task: on real cores the other one seldom comes there.
          chicane::wrong_result.at("wrong results").in("explore"))
    .exactly_workers(1)
    .axis("threads", {2, 4})
    .operation("one map")
    .items_per_operation(PowerMap::size)
    .tag("core");
