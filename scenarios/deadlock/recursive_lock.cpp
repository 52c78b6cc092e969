// The right twin of self_deadlock.cpp: a recursive mutex counts how often its owner has taken it, and lets the owner in
// again. Others wait until it has been given back as often. The interleaving that matters is the second lock by the
// same worker; a bad run would wait for itself.
#include <chicane/scenario.h>

#include <mutex>

struct RecursiveLock {
  std::recursive_mutex mutex;
  long total = 0;

  void add() {
    const std::lock_guard lock(mutex);
    ++total;
  }
  void add_twice() {
    const std::lock_guard lock(mutex);
    add();
    ++total;
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) add_twice();
  }
  void check(chicane::Check& check) const { check.equal("total", total, 2 * check.operations()); }
};
CHICANE_SCENARIO("deadlock/recursive-lock", RecursiveLock)
    .says("a worker takes a recursive lock that it has")
    .tag("more");
