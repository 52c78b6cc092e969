// One worker takes two locks in both orders, one after the other. It can't meet itself, so there is no deadlock in it,
// and no lane may raise an alarm: a detector that only looks at orders does. Further workers have locks of their own.
// No interleaving is bad: for a deadlock, a second thread would have to hold one of the two.
#include <chicane/scenario.h>

#include <memory>
#include <mutex>

struct OneThreadReorders {
  struct Pair {
    std::mutex left, right;
    long moved = 0;
  };
  std::unique_ptr<Pair[]> pairs;
  explicit OneThreadReorders(const chicane::Setup& setup) : pairs(new Pair[setup.workers()]) {}

  static void move(Pair& pair, std::mutex& first, std::mutex& second) {
    const std::lock_guard one(first);
    const std::lock_guard other(second);
    ++pair.moved;
  }
  void work(chicane::Worker& worker) {
    auto& own = pairs[worker.index()];
    for (auto _ : worker) {
      move(own, own.left, own.right);
      move(own, own.right, own.left);
    }
  }
};
CHICANE_SCENARIO("deadlock/one-thread-reorders", OneThreadReorders)
    .says("each worker takes two locks of its own in both orders")
    .tag("more");
