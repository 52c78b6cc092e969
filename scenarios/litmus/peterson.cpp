// Two actors enter as Peterson's lock lets them: each says that it wants to, gives the other precedence, and is inside
// if the other does not want to or has given precedence back. An actor that would have to wait turns away.
// The interleaving that matters is none: a relaxed load may overtake the actor's own stores, so that both find the
// other's flag down. Sequentially consistent operations forbid it. A bad turn: 1,1, both inside.
#include <chicane/litmus.h>

#include <atomic>

template <std::memory_order order>
struct Peterson {
  std::atomic<int> wants[2]{};
  std::atomic<int> turn{0};
  int inside[2] = {-1, -1};

  void enter(int own) {
    const int other = 1 - own;
    wants[own].store(1, order);
    turn.store(other, order);
    inside[own] = wants[other].load(order) == 0 || turn.load(order) == own;
  }
  void left() { enter(0); }
  void right() { enter(1); }
  std::array<int, 2> outcome() const { return {inside[0], inside[1]}; }
};

using PetersonRelaxed = Peterson<std::memory_order_relaxed>;
using PetersonSeqCst = Peterson<std::memory_order_seq_cst>;

CHICANE_LITMUS("litmus/peterson-relaxed", PetersonRelaxed)
    .says("two actors exclude each other by Peterson's lock with relaxed operations: both enter")
    .tag("core")
    .actor<&PetersonRelaxed::left>("left")
    .actor<&PetersonRelaxed::right>("right")
    .outcomes({"1,0", "0,1", "0,0"}, chicane::acceptable, "at most one is inside")
    .outcome("1,1", chicane::forbidden, "both are inside")
    .must(chicane::forbidden_outcome.at("1,1"));

CHICANE_LITMUS("litmus/peterson-seq-cst", PetersonSeqCst)
    .says("two actors exclude each other by Peterson's lock with sequentially consistent operations")
    .tag("more")
    .actor<&PetersonSeqCst::left>("left")
    .actor<&PetersonSeqCst::right>("right")
    .outcomes({"1,0", "0,1", "0,0"}, chicane::acceptable, "at most one is inside")
    .outcome("1,1", chicane::forbidden, "both are inside");
