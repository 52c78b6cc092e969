// Two flags, raised and then looked at: with an order that lets each look come before the other's store (x86 does), or
// without. Nothing is declared as forbidden, so only a comparison of two builds can tell them apart.
#include <chicane/litmus.h>

#include <atomic>

struct Flags {
  std::atomic<int> left_up{0}, right_up{0};
  int left_saw = -1, right_saw = -1;
  void left() {
    left_up.store(1, FLAGS_ORDER);
    left_saw = right_up.load(FLAGS_ORDER);
  }
  void right() {
    right_up.store(1, FLAGS_ORDER);
    right_saw = left_up.load(FLAGS_ORDER);
  }
  std::array<int, 2> outcome() const { return {left_saw, right_saw}; }
};

CHICANE_LITMUS("litmus/flags", Flags)
    .says("two flags raised, then looked at")
    .actor<&Flags::left>("left")
    .actor<&Flags::right>("right")
    .outcome("0,1", chicane::acceptable, "left came first")
    .outcome("1,0", chicane::acceptable, "right came first")
    .outcome("1,1", chicane::acceptable, "both saw the other's")
    .outcome("0,0", chicane::acceptable, "neither saw the other's");
