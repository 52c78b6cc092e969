// Two actors store to one variable each and then load the other's. The interleaving that matters is none: in every
// interleaving at least one load comes after the other's store. But a CPU's store waits in its buffer while the load
// goes ahead, so both may read 0: on x86 too, its one reordering. Dekker's and Peterson's locks break on it. Only
// seq_cst forbids it; acquire and release do not order a store before a later load.
// An interesting turn: 0,0.
#include <chicane/litmus.h>

#include <atomic>

template <std::memory_order store, std::memory_order load>
struct StoreBuffering {
  std::atomic<int> x{0}, y{0};
  int r1 = -1, r2 = -1;

  void left() {
    x.store(1, store);
    r1 = y.load(load);
  }
  void right() {
    y.store(1, store);
    r2 = x.load(load);
  }
  std::array<int, 2> outcome() const { return {r1, r2}; }
};

using Relaxed = StoreBuffering<std::memory_order_relaxed, std::memory_order_relaxed>;
using AcquireRelease = StoreBuffering<std::memory_order_release, std::memory_order_acquire>;
using SeqCst = StoreBuffering<std::memory_order_seq_cst, std::memory_order_seq_cst>;

CHICANE_LITMUS("litmus/store-buffering-relaxed", Relaxed)
    .says("two actors store, then load what the other stores: relaxed")
    .tag("core")
    .actor<&Relaxed::left>("left")
    .actor<&Relaxed::right>("right")
    .outcome("0,1", chicane::acceptable, "left came first")
    .outcome("1,0", chicane::acceptable, "right came first")
    .outcome("1,1", chicane::acceptable, "both stores came before both loads")
    .outcome("0,0", chicane::interesting, "both loads overtook the stores: x86 shows it, its store buffers delay them");

CHICANE_LITMUS("litmus/store-buffering-acquire-release", AcquireRelease)
    .says("two actors store, then load what the other stores: release stores, acquire loads")
    .tag("more")
    .actor<&AcquireRelease::left>("left")
    .actor<&AcquireRelease::right>("right")
    .outcome("0,1", chicane::acceptable, "left came first")
    .outcome("1,0", chicane::acceptable, "right came first")
    .outcome("1,1", chicane::acceptable, "both stores came before both loads")
    .outcome("0,0", chicane::interesting, "both loads overtook the stores: acquire and release don't forbid it");

CHICANE_LITMUS("litmus/store-buffering-seq-cst", SeqCst)
    .says("two actors store, then load what the other stores: sequentially consistent")
    .tag("more")
    .actor<&SeqCst::left>("left")
    .actor<&SeqCst::right>("right")
    .outcome("0,1", chicane::acceptable, "left came first")
    .outcome("1,0", chicane::acceptable, "right came first")
    .outcome("1,1", chicane::acceptable, "both stores came before both loads")
    .outcome("0,0", chicane::forbidden, "in the single order of all four operations a store comes first");
