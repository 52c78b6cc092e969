// Two actors raise a flag each and enter if the other's is down, as Dekker's lock begins. The interleaving that matters
// is none: it is store buffering. With relaxed operations each load may overtake the actor's own store, so that both
// find the other's flag down and enter. Sequentially consistent operations forbid it.
// A bad turn: 1,1, both inside.
#include <chicane/litmus.h>

#include <atomic>

template <std::memory_order order>
struct Dekker {
  std::atomic<int> left_flag{0}, right_flag{0};
  int left_in = -1, right_in = -1;

  void left() {
    left_flag.store(1, order);
    left_in = right_flag.load(order) == 0;
  }
  void right() {
    right_flag.store(1, order);
    right_in = left_flag.load(order) == 0;
  }
  std::array<int, 2> outcome() const { return {left_in, right_in}; }
};

using DekkerRelaxed = Dekker<std::memory_order_relaxed>;
using DekkerSeqCst = Dekker<std::memory_order_seq_cst>;

CHICANE_LITMUS("litmus/dekker-relaxed", DekkerRelaxed)
    .says("two actors exclude each other by flags that are relaxed: both enter")
    .tag("more")
    .actor<&DekkerRelaxed::left>("left")
    .actor<&DekkerRelaxed::right>("right")
    .outcomes({"1,0", "0,1", "0,0"}, chicane::acceptable, "at most one is inside")
    .outcome("1,1", chicane::forbidden, "both are inside")
    .must(chicane::forbidden_outcome.at("1,1"));

CHICANE_LITMUS("litmus/dekker-seq-cst", DekkerSeqCst)
    .says("two actors exclude each other by flags that are sequentially consistent")
    .tag("more")
    .actor<&DekkerSeqCst::left>("left")
    .actor<&DekkerSeqCst::right>("right")
    .outcomes({"1,0", "0,1", "0,0"}, chicane::acceptable, "at most one is inside")
    .outcome("1,1", chicane::forbidden, "both are inside");
