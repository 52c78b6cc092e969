// Read-copy-update with a plain shared_ptr. Its count is atomic; the pointer itself is not. The interleaving that
// matters: a reader has copied the pointer and not counted itself in yet, while the writer puts another list in and,
// thinking itself the last owner, frees the old one. It is a data race on the pointer in any case.
// A bad run reads freed memory or crashes. Here each list lives until the end, so that what is shown is the race and
// not the heap's fate: the writer only ever swaps between two that are kept.
#include <chicane/scenario.h>

#include <atomic>
#include <memory>

#include "scenarios/lockfree/prices.h"

struct PlainReadCopyUpdate {
  std::shared_ptr<const Prices> current = std::make_shared<const Prices>();
  const std::shared_ptr<const Prices> kept[2] = {current, std::make_shared<const Prices>(Prices::raised(*current))};
  std::atomic<long> torn{0};

  void work(chicane::Worker& worker) {
    std::size_t turn = 0;
    for (auto _ : worker) {
      if (worker.index() == 0)
        swap_in(kept[++turn % 2]);
      else
        read();
    }
  }
  void swap_in(const std::shared_ptr<const Prices>& next) { current = next; }
  void read() {
    const std::shared_ptr<const Prices> seen = current;
    if (seen->sum() % 4 != 0) ++torn;
  }
  void check(chicane::Check& check) const { check.equal("lists that were not whole", torn.load(), 0); }
};

CHICANE_SCENARIO("lockfree/read-copy-update-plain", PlainReadCopyUpdate)
    .says("a worker swaps a plain shared_ptr while others copy it")
    .must(chicane::data_race.at("PlainReadCopyUpdate::swap_in").on("current", &PlainReadCopyUpdate::current))
    .min_workers(2)
    .operation("one list read or swapped")
    .tag("more");
