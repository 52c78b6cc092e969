// Independent reads of independent writes: two actors store to one variable each, two others read both, in opposite
// orders. 1,0,1,0 means that the readers disagree on which store came first. Acquire and release allow that (POWER
// shows it); x86 has one order of all stores, so it never shows there; seq_cst forbids it. Four actors: on fewer cores
// they seldom all run at once.
#include <chicane/litmus.h>

#include <atomic>

template <std::memory_order store, std::memory_order load>
struct Iriw {
  std::atomic<int> x{0}, y{0};
  int r1 = -1, r2 = -1, r3 = -1, r4 = -1;

  void write_x() { x.store(1, store); }
  void write_y() { y.store(1, store); }
  void read_x_y() {
    r1 = x.load(load);
    r2 = y.load(load);
  }
  void read_y_x() {
    r3 = y.load(load);
    r4 = x.load(load);
  }
  std::array<int, 4> outcome() const { return {r1, r2, r3, r4}; }
};

using Relaxed = Iriw<std::memory_order_relaxed, std::memory_order_relaxed>;
using AcquireRelease = Iriw<std::memory_order_release, std::memory_order_acquire>;
using SeqCst = Iriw<std::memory_order_seq_cst, std::memory_order_seq_cst>;

// What interleavings show: all but 1,0,1,0.
constexpr auto agreeing = {"0,0,0,0", "0,0,0,1", "0,0,1,0", "0,0,1,1", "0,1,0,0", "0,1,0,1", "0,1,1,0", "0,1,1,1",
                           "1,0,0,0", "1,0,0,1", "1,0,1,1", "1,1,0,0", "1,1,0,1", "1,1,1,0", "1,1,1,1"};

CHICANE_LITMUS("litmus/iriw-relaxed", Relaxed)
    .says("two writers, and two readers that look in opposite orders: relaxed")
    .tag("more")
    .actor<&Relaxed::write_x>("write x")
    .actor<&Relaxed::write_y>("write y")
    .actor<&Relaxed::read_x_y>("read x, y")
    .actor<&Relaxed::read_y_x>("read y, x")
    .outcomes(agreeing, chicane::acceptable, "the readers agree on the order of the stores")
    .outcome("1,0,1,0", chicane::interesting, "the readers disagree: allowed, but x86 has one order of all stores");

CHICANE_LITMUS("litmus/iriw-acquire-release", AcquireRelease)
    .says("two writers, and two readers that look in opposite orders: release stores, acquire loads")
    .tag("more")
    .actor<&AcquireRelease::write_x>("write x")
    .actor<&AcquireRelease::write_y>("write y")
    .actor<&AcquireRelease::read_x_y>("read x, y")
    .actor<&AcquireRelease::read_y_x>("read y, x")
    .outcomes(agreeing, chicane::acceptable, "the readers agree on the order of the stores")
    .outcome("1,0,1,0", chicane::interesting, "the readers disagree: allowed, but x86 has one order of all stores");

CHICANE_LITMUS("litmus/iriw-seq-cst", SeqCst)
    .says("two writers, and two readers that look in opposite orders: sequentially consistent")
    .tag("more")
    .actor<&SeqCst::write_x>("write x")
    .actor<&SeqCst::write_y>("write y")
    .actor<&SeqCst::read_x_y>("read x, y")
    .actor<&SeqCst::read_y_x>("read y, x")
    .outcomes(agreeing, chicane::acceptable, "the readers agree on the order of the stores")
    .outcome("1,0,1,0", chicane::forbidden, "all readers see one order of all stores");
