// The load, add and store of counter/unlocked, between processes: the counter lies in memory that all of them map, and
// two that load the same value lose an increment as two threads do. Processes share less, but what they share races.
// No detector sees accesses of two processes at once; the tsan lane runs this body on threads over one such mapping.
// A bad run: two processes, 100,000 turns each, total 131,071 instead of 200,000.
#include <chicane/scenario.h>

struct UnlockedSharedCounter {
  long total = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) ++total;
  }
  void check(chicane::Check& check) const { check.equal("total", total, check.operations()); }
};

CHICANE_SCENARIO("processes/unlocked-counter", UnlockedSharedCounter)
    .says("worker processes add to one plain counter in shared memory")
    .must(chicane::data_race.at("UnlockedSharedCounter::work").on("total", &UnlockedSharedCounter::total),
          chicane::wrong_result.at("total"))
    .workers_are(chicane::processes)
    .operation("one increment")
    .tag("core");
