// Two locks in both orders, and yet nobody blocks: a turn that is handed on through an atomic lets one worker at a time
// have both. That is luck which the locks know nothing of: the next change to the hand-over makes it lock_order.cpp.
// ThreadSanitizer's lane tells of the two orders; no other lane has anything to tell, because nothing happened.
#include <chicane/scenario.h>

#include <atomic>
#include <mutex>
#include <thread>

struct InTurns {
  std::mutex left, right;
  std::atomic<std::uint32_t> turn = 0;
  long moved = 0;

  void move(std::mutex& first, std::mutex& second) {
    const std::lock_guard one(first);
    const std::lock_guard other(second);
    ++moved;
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      while (turn != worker.index()) std::this_thread::yield();
      worker.index() == 0 ? move(left, right) : move(right, left);
      turn = 1 - worker.index();
    }
  }
  void check(chicane::Check& check) const { check.equal("moved", moved, check.operations()); }
};
CHICANE_SCENARIO("deadlock/in-turns", InTurns)
    .says("two locks are taken in both orders, but never at the same time")
    .exactly_workers(2)
    .must(chicane::lock_order_inversion.at("InTurns::move"))
    .tag("more");
