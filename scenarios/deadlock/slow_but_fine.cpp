// For most of a second every thread of the trial is asleep: one in a sleep, with a lock in hand, the others on the
// lock, on a condition variable that was notified while nobody waited, or at the end of a thread. Each will be woken:
// all hang on the one that sleeps with a time limit. A harness that takes standing still for being stuck would end it.
// Only the first turn of a process is slow.
#include <chicane/scenario.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

struct SlowButFine {
  std::mutex mutex, waiting;
  std::condition_variable woken;
  bool up = false;
  long total = 0;

  static inline bool slept = false;  // once a process, not once a pass; under `mutex`
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const std::lock_guard lock(mutex);
      if (!std::exchange(slept, true)) sleep();
      ++total;
    }
  }
  void sleep() {
    woken.notify_all();  // nobody is there yet
    std::jthread sleeper([this] {
      std::unique_lock lock(waiting);
      woken.wait(lock, [this] { return up; });
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    const std::lock_guard lock(waiting);
    up = true;
    woken.notify_all();
  }
  void check(chicane::Check& check) const { check.equal("total", total, check.operations()); }
};
CHICANE_SCENARIO("deadlock/slow-but-fine", SlowButFine)
    .says("all threads stand still for most of a second, and then go on")
    .min_workers(2)
    .tag("slow");
