// Two threads that wait and then count each result; the caller reads the counts while they are still at it and joins
// them afterwards. Nothing orders its read and their increments: a data race. And the count is short in every run, not
// only in unlucky ones: the last number of each thread is handed over only after the caller has counted, as a caller
// that reports progress before it delivers the rest would do. So at least two of eight are missing, however the
// scheduler decides.
// A bad run, which is every run: 0 results counted, 8 found.
#include <chicane/scenario.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <latch>
#include <thread>

#include "scenarios/waiting/waits.h"

struct CountedEarly {
  Waits waits;
  std::array<long, 2> found{};  // by thread
  long counted = 0;             // over all turns
  long wrong = 0;               // turns without the right results in the end

  explicit CountedEarly(const chicane::Setup& setup) : waits(std::chrono::milliseconds(setup.arg())) {}

  void work(chicane::Worker& worker) {
    Overlap overlap(worker);
    for (auto _ : worker) {
      waits.forget();
      found.fill(0);
      std::latch last_number(1);
      std::thread squares([&] { find(0, last_number); });
      std::thread cubes([&] { find(1, last_number); });
      counted += count();
      last_number.count_down();
      squares.join();
      cubes.join();
      wrong += !waits.right();
    }
    overlap.report(waits.wait());
  }
  void find(std::size_t which, std::latch& last_number) {
    for (std::size_t i = 0; i < Waits::numbers; ++i) {
      if (i + 1 == Waits::numbers) last_number.wait();
      waits.find(which * Waits::numbers + i);
      ++found[which];
    }
  }
  long count() const { return found[0] + found[1]; }

  void check(chicane::Check& check) const {
    check.equal("results counted", counted, check.operations() * Waits::size);
    check.equal("turns with wrong results in the end", wrong, 0);
  }
};

CHICANE_SCENARIO("waiting/counted-early", CountedEarly)
    .says("counts the results of two threads before they have ended")
    .must(chicane::data_race.at("CountedEarly::count").on("found", &CountedEarly::found),
          chicane::wrong_result.at("results counted").in("bench,stress,tsan"))
    .exactly_workers(1)
    .axis("wait_ms", {2})  // the tutorial's own waits are 200 ms: --arg wait_ms=200
    .operation("eight waits")
    .tag("more");
