// Read-copy-update: a reader takes a reference to the list that is current, and keeps it as long as it likes; a writer
// copies, changes the copy and swaps it in if nobody else was faster. The interleaving that matters is a reader between
// finding the pointer and counting itself in while the last owner gives the list back: the atomic shared_ptr makes the
// two one step. The old list goes with its last reader.
// With a plain shared_ptr, as in lockfree/read-copy-update-plain, a bad run reads a list that is freed.
#include <chicane/scenario.h>

#include <atomic>
#include <memory>

#include "scenarios/lockfree/prices.h"

struct ReadCopyUpdate {
  std::atomic<std::shared_ptr<const Prices>> current{std::make_shared<const Prices>()};
  std::atomic<long> torn{0};

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      std::shared_ptr<const Prices> seen = current.load();
      if (seen->sum() % 4 != 0) ++torn;
      while (!current.compare_exchange_strong(seen, std::make_shared<const Prices>(Prices::raised(*seen)))) {
      }
    }
  }
  void check(chicane::Check& check) const {
    check.equal("lists that were not whole", torn.load(), 0);
    check.equal("sum of the last list", current.load()->sum(), 4 * check.operations());
  }
};

constexpr const char* relaxed_unlock =
    "std::atomic<std::shared_ptr>::load of libstdc++ 12 gives its inner lock back by a relaxed operation, so that a "
    "race inside the library is reported";

CHICANE_SCENARIO("lockfree/read-copy-update", ReadCopyUpdate)
    .says("workers read a list through a std::atomic<std::shared_ptr>, copy, change and swap it")
    .operation("one list read, copied and swapped")
    .not_judged_in("tsan", relaxed_unlock)
    .tag("more");
