// A method takes a lock and calls another one that takes the same lock: a cycle of one. No second thread is needed. In
// C++ this is undefined behaviour of std::mutex; with the C library's plain mutex, the worker waits for itself.
// A bad run: the first turn of whichever worker comes first never ends, and all others wait for it.
#include <chicane/scenario.h>

#include <mutex>

struct SelfDeadlock {
  std::mutex mutex;
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
};
CHICANE_SCENARIO("deadlock/self-deadlock", SelfDeadlock)
    .says("a worker takes a lock that it has")
    .must(chicane::deadlock.at("SelfDeadlock::add").from_workers(1).in("bench,stress,tsan,asan,explore"))
    .may(chicane::mutex_misuse, "ThreadSanitizer may tell of the double lock before it blocks")
    .tag("more");
