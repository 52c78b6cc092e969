// Two workers take the same two locks, each in an order of its own. The interleaving that matters: both have their
// first lock before either asks for its second. Here each waits for that to happen, so it does in every run; left to
// chance it is the deadlock that shows once a year. A bad run: each worker waits for the lock that the other one holds,
// and neither can go on.
#include <chicane/scenario.h>

#include <atomic>
#include <mutex>
#include <thread>

struct LockOrder {
  std::mutex left, right;
  std::atomic<int> have_one = 0;
  long moved = 0;

  void move(std::mutex& first, std::mutex& second) {
    const std::lock_guard one(first);
    ++have_one;
    while (have_one < 2) std::this_thread::yield();
    const std::lock_guard other(second);
    ++moved;
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) worker.index() == 0 ? move(left, right) : move(right, left);
  }
};
CHICANE_SCENARIO("deadlock/lock-order", LockOrder)
    .says("two workers take two locks in opposite orders, each with its first in hand")
    .exactly_workers(2)
    .must(chicane::deadlock.at("LockOrder::move").in("bench,stress,tsan,asan,explore"))
    .may(chicane::lock_order_inversion.at("LockOrder::move"), "ThreadSanitizer may tell of the two orders besides")
    .tag("core");
