// The right twin of notify_before_wait.cpp: the notification is remembered in a flag, which is written and read under
// the lock. The interleaving that matters is the notification before the wait: whoever comes after it sees the flag and
// does not sleep; whoever sleeps did so before, and is woken. A bad run would sleep for ever.
#include <chicane/scenario.h>

#include <condition_variable>
#include <mutex>

struct NotifyAndFlag {
  std::mutex mutex;
  std::condition_variable changed;
  long given = 0, taken = 0;

  void give() {
    const std::lock_guard lock(mutex);
    ++given;
    changed.notify_one();
  }
  void take() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return taken < given; });
    ++taken;
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) worker.index() == 0 ? give() : take();
  }
  void check(chicane::Check& check) const { check.equal("taken", taken, given); }
};
CHICANE_SCENARIO("deadlock/notify-and-flag", NotifyAndFlag)
    .says("a worker waits for what a notification stands for")
    .exactly_workers(2)
    .tag("more");
