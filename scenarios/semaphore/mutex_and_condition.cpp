// A semaphore made of a count, a mutex and a condition variable. Looking at the count and taking a place happen under
// the mutex, so nobody comes between them; whoever wakes looks again, because another may have taken the place between
// the notification and the lock.
// With `if` for the loop that wait() with a predicate is, a bad run lets a third worker in.
#include <chicane/scenario.h>

#include <condition_variable>
#include <mutex>

#include "scenarios/semaphore/two_places.h"

class ConditionSemaphore {
 public:
  explicit ConditionSemaphore(int places) : places_(places) {}

  void acquire() {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [this] { return places_ > 0; });
    --places_;
  }
  bool try_acquire() {
    const std::lock_guard lock(mutex_);
    if (places_ == 0) return false;
    --places_;
    return true;
  }
  void release() {
    {
      const std::lock_guard lock(mutex_);
      ++places_;
    }
    freed_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  int places_;
};

using TwoPlacesCondition = TwoPlaces<ConditionSemaphore>;

CHICANE_SCENARIO("semaphore/mutex-and-condition", TwoPlacesCondition)
    .says("a semaphore of a mutex and a condition variable lets at most two workers in at once")
    .also_workers({3, 8})
    .by_hand("each entry takes a mutex; a library's takes one atomic operation where there is room")
    .tag("more");
