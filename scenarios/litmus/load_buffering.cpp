// Two actors load one variable and then store to the other's. 1,1 would mean that each load read what was stored after
// the other load: relaxed operations allow that, a CPU that lets stores overtake earlier loads (POWER, ARM) could show
// it, x86 never does. An acquire load that reads from a release store forbids it; either of them alone does not.
#include <chicane/litmus.h>

#include <atomic>

template <std::memory_order store, std::memory_order load>
struct LoadBuffering {
  std::atomic<int> x{0}, y{0};
  int r1 = -1, r2 = -1;

  void left() {
    r1 = x.load(load);
    y.store(1, store);
  }
  void right() {
    r2 = y.load(load);
    x.store(1, store);
  }
  std::array<int, 2> outcome() const { return {r1, r2}; }
};

using Relaxed = LoadBuffering<std::memory_order_relaxed, std::memory_order_relaxed>;
using AcquireRelease = LoadBuffering<std::memory_order_release, std::memory_order_acquire>;
using SeqCst = LoadBuffering<std::memory_order_seq_cst, std::memory_order_seq_cst>;

CHICANE_LITMUS("litmus/load-buffering-relaxed", Relaxed)
    .says("two actors load, then store what the other loads: relaxed")
    .tag("more")
    .actor<&Relaxed::left>("left")
    .actor<&Relaxed::right>("right")
    .outcome("0,0", chicane::acceptable, "both loads came first")
    .outcome("0,1", chicane::acceptable, "left came first")
    .outcome("1,0", chicane::acceptable, "right came first")
    .outcome("1,1", chicane::interesting, "both stores overtook the loads: allowed, but x86 keeps their order");

CHICANE_LITMUS("litmus/load-buffering-acquire-release", AcquireRelease)
    .says("two actors load, then store what the other loads: acquire loads, release stores")
    .tag("more")
    .actor<&AcquireRelease::left>("left")
    .actor<&AcquireRelease::right>("right")
    .outcome("0,0", chicane::acceptable, "both loads came first")
    .outcome("0,1", chicane::acceptable, "left came first")
    .outcome("1,0", chicane::acceptable, "right came first")
    .outcome("1,1", chicane::forbidden, "each load would have happened before the other's store");

CHICANE_LITMUS("litmus/load-buffering-seq-cst", SeqCst)
    .says("two actors load, then store what the other loads: sequentially consistent")
    .tag("more")
    .actor<&SeqCst::left>("left")
    .actor<&SeqCst::right>("right")
    .outcome("0,0", chicane::acceptable, "both loads came first")
    .outcome("0,1", chicane::acceptable, "left came first")
    .outcome("1,0", chicane::acceptable, "right came first")
    .outcome("1,1", chicane::forbidden, "no single order of all four operations has it");
