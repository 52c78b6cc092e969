// Everything of <chicane/scenario.h> used once: what must compile without a warning with every compiler of a user's.
#include <chicane/scenario.h>

#include <atomic>
#include <string>

struct Inputs {
  explicit Inputs(const chicane::Setup& setup) : seed(setup.seed()) {}
  std::uint64_t seed;
};
struct Everything {
  using Environment = Inputs;
  Everything(Inputs& inputs, const chicane::Setup& setup)
      : start(static_cast<long>(inputs.seed % 2) + setup.arg(0) + static_cast<long>(setup.turns())),
        shared(setup.workers_are_processes()) {}
  long start;
  bool shared;
  std::atomic<long> total = 0;
  void put(chicane::Worker& worker) {
    for (auto _ : worker) total += worker.arg(0);
    worker.count("share", static_cast<double>(worker.index_in_role()) / worker.workers_in_role(),
                 chicane::Counter::mean);
  }
  void get(chicane::Worker& worker) {
    for (auto _ : worker) chicane::keep(total.load());
    if (worker.turns() == 0) worker.fail("turns", "none");
  }
  void check(chicane::Check& check) const {
    check.equal("total", total.load(), check.operations(0));
    check.equal("lane", std::string(check.lane()), std::string("bench"));
    check.at_most("total", total.load(), 1u);
    check.that("started", start >= 0 && !shared);
    check.fail_as("torn_output", "line", "half of it");
    check.count("workers", check.workers(), chicane::Counter::max);
  }
};
CHICANE_SCENARIO("consumer/everything", Everything)
    .says("uses all that there is")
    .role<&Everything::put>("put")
    .role<&Everything::get>("get", 1)
    .must(chicane::data_race.at("Everything::put").on("total", &Everything::total).from_workers(3).in("tsan"))
    .may(chicane::lost_wakeup, "a reason")
    .not_judged_in("explore", "a reason")
    .workers_are(chicane::threads | chicane::processes)
    .min_workers(2)
    .workers_multiple_of(2)
    .also_workers({4, 8})
    .axis("step", {1, 2})
    .tag("core")
    .items_per_operation(1)
    .bytes_per_operation(8);

struct Alone {
  void work(chicane::Worker& worker) {
    for (auto _ : worker) chicane::clobber();
  }
};
CHICANE_SCENARIO("consumer/alone", Alone).exactly_workers(1);
