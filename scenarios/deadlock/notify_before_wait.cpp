// One worker notifies, the other one waits, and nothing remembers that the notification was there. The interleaving
// that matters: the notification comes before the wait. Here the sleeper lets it, so it does in every run. A bad run:
// the notification finds nobody, and the worker that comes after it sleeps for ever.
#include <chicane/scenario.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

struct NotifyBeforeWait {
  std::mutex mutex;
  std::condition_variable ready;
  std::atomic<bool> notified = false;

  void notify() {
    ready.notify_one();
    notified = true;
  }
  void sleep() {
    while (!notified) std::this_thread::yield();
    std::unique_lock lock(mutex);
    ready.wait(lock);  // no condition is looked at
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) worker.index() == 0 ? notify() : sleep();
  }
};
CHICANE_SCENARIO("deadlock/notify-before-wait", NotifyBeforeWait)
    .says("a worker waits for a notification that has already been given")
    .exactly_workers(2)
    .must(chicane::lost_wakeup.at("NotifyBeforeWait::sleep").in("stress,tsan,asan,explore"))
    .not_judged_in("bench", "it never ends, and this lane, which is not to be disturbed, counts no notifications")
    .tag("more");
