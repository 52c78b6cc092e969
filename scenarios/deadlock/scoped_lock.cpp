// The right twin of lock_order.cpp: std::scoped_lock takes both locks as one step. It tries the second and, if it is
// taken, gives the first back and begins anew, so that nobody ever waits with a lock in hand. The workers still name
// the locks in opposite orders.
#include <chicane/scenario.h>

#include <mutex>

struct ScopedLock {
  std::mutex left, right;
  long moved = 0;

  void move(std::mutex& first, std::mutex& second) {
    const std::scoped_lock both(first, second);
    ++moved;
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) worker.index() == 0 ? move(left, right) : move(right, left);
  }
  void check(chicane::Check& check) const { check.equal("moved", moved, check.operations()); }
};
CHICANE_SCENARIO("deadlock/scoped-lock", ScopedLock)
    .says("two workers name two locks in opposite orders; std::scoped_lock takes both at once")
    .min_workers(2)
    .tag("core");
