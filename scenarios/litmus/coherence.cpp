// One actor stores 1 and then 2 to one variable, the other loads it twice. All threads agree on the order of stores to
// one variable, so the second load never sees an older value than the first: 1,0, 2,0 and 2,1 are forbidden whatever
// the memory order. Plain code that the compiler is free to reorder would show them.
#include <chicane/litmus.h>

#include <atomic>

template <std::memory_order store, std::memory_order load>
struct Coherence {
  std::atomic<int> x{0};
  int first = -1, second = -1;

  void writer() {
    x.store(1, store);
    x.store(2, store);
  }
  void reader() {
    first = x.load(load);
    second = x.load(load);
  }
  std::array<int, 2> outcome() const { return {first, second}; }
};

using Relaxed = Coherence<std::memory_order_relaxed, std::memory_order_relaxed>;

CHICANE_LITMUS("litmus/coherence-relaxed", Relaxed)
    .says("two stores to one variable against two loads of it: relaxed")
    .tag("more")
    .actor<&Relaxed::writer>("writer")
    .actor<&Relaxed::reader>("reader")
    .outcome("0,0", chicane::acceptable, "the reader came first")
    .outcome("0,1", chicane::acceptable, "the first store came between the loads")
    .outcome("0,2", chicane::acceptable, "both stores came between the loads")
    .outcome("1,1", chicane::acceptable, "both loads came between the stores")
    .outcome("1,2", chicane::acceptable, "in turn")
    .outcome("2,2", chicane::acceptable, "the writer came first")
    .outcome("1,0", chicane::forbidden, "the second load sees an older value than the first")
    .outcome("2,0", chicane::forbidden, "the second load sees an older value than the first")
    .outcome("2,1", chicane::forbidden, "the second load sees an older value than the first");
