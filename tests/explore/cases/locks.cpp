// Mutexes, condition variables, read-write locks.
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <shared_mutex>
#include <thread>
#include <vector>

#include "tests/explore/cases/case.h"

using namespace std::chrono_literals;

CASE(lost_update, "data_race,wrong_result") {
  int counter = 0;
  std::thread a([&] { ++counter; }), b([&] { ++counter; });
  a.join(), b.join();
  EXPECT(counter == 2);
}
CASE(locked_update, "") {
  int counter = 0;
  std::mutex mutex;
  const auto work = [&] {
    const std::lock_guard lock(mutex);
    ++counter;
  };
  std::thread a(work), b(work);
  a.join(), b.join();
  EXPECT(counter == 2);
}
CASE(update_behind_another_lock, "data_race,wrong_result") {
  int counter = 0;
  std::mutex m, n;
  std::thread a([&] {
    std::lock_guard l(m);
    ++counter;
  }),
      b([&] {
        std::lock_guard l(n);
        ++counter;
      });
  a.join(), b.join();
  EXPECT(counter == 2);
}
CASE(lock_order, "deadlock") {
  std::mutex m, n;
  std::thread a([&] { std::lock_guard k(m), l(n); }), b([&] { std::lock_guard k(n), l(m); });
  a.join(), b.join();
}
CASE(scoped_lock_order, "") {
  std::mutex m, n;
  std::thread a([&] { std::scoped_lock l(m, n); }), b([&] { std::scoped_lock l(n, m); });
  a.join(), b.join();
}
CASE(philosophers, "deadlock") {
  std::mutex forks[3];
  std::vector<std::thread> all;
  for (int i = 0; i < 3; ++i) all.emplace_back([&, i] { std::lock_guard k(forks[i]), l(forks[(i + 1) % 3]); });
  for (auto& one : all) one.join();
}
CASE(locked_twice, "deadlock") {
  std::mutex m;
  std::lock_guard k(m);
  m.lock();
}
CASE(locked_twice_recursive, "") {
  std::recursive_mutex m;
  std::lock_guard k(m);
  std::lock_guard l(m);
}
CASE(join_under_lock, "deadlock") {
  std::mutex m;
  std::thread a;
  {
    std::lock_guard l(m);
    a = std::thread([&] { std::lock_guard k(m); });
    a.join();
  }
}
CASE(errorcheck_tells, "") {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_t m;
  pthread_mutex_init(&m, &attributes);
  EXPECT(pthread_mutex_unlock(&m) == EPERM);
  EXPECT(pthread_mutex_lock(&m) == 0);
  EXPECT(pthread_mutex_lock(&m) == EDEADLK);
  EXPECT(pthread_mutex_unlock(&m) == 0);
  EXPECT(pthread_mutex_destroy(&m) == 0);
}
CASE(robust_tells_of_a_dead_owner, "") {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_t m;
  pthread_mutex_init(&m, &attributes);
  std::thread([&] { pthread_mutex_lock(&m); }).join();
  EXPECT(pthread_mutex_lock(&m) == EOWNERDEAD);
  EXPECT(pthread_mutex_consistent(&m) == 0);
  EXPECT(pthread_mutex_unlock(&m) == 0);
  EXPECT(pthread_mutex_trylock(&m) == 0);
  pthread_mutex_unlock(&m);
}
CASE(owner_has_ended, "deadlock") {
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  std::thread([&] { pthread_mutex_lock(&m); }).join();
  pthread_mutex_lock(&m);
}
CASE(unlock_by_another, "mutex_misuse") {
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&m);
  std::thread([&] { pthread_mutex_unlock(&m); }).join();
}
CASE(unlocked_twice, "mutex_misuse") {
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
  pthread_mutex_unlock(&m);
}
CASE(destroyed_locked, "mutex_misuse") {
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&m);
  pthread_mutex_destroy(&m);
}
CASE(timed_lock_times_out, "") {
  std::timed_mutex m;
  m.lock();
  std::thread a([&] { EXPECT(!m.try_lock_for(10ms)); });
  a.join();
  m.unlock();
}
CASE(spin_lock_holds, "") {
  pthread_spinlock_t spin;
  pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
  int n = 0;
  const auto work = [&] {
    pthread_spin_lock(&spin);
    ++n;
    pthread_spin_unlock(&spin);
  };
  std::thread a(work), b(work);
  a.join(), b.join();
  EXPECT(n == 2);
  pthread_spin_destroy(&spin);
}

CASE(wait_with_if, "lost_wakeup") {
  std::mutex m;
  std::condition_variable cv;
  std::thread a([&] {
    std::unique_lock l(m);
    cv.wait(l);
  });
  std::thread b([&] {
    std::lock_guard l(m);
    cv.notify_one();
  });
  a.join(), b.join();
}
CASE(wait_with_flag, "") {
  std::mutex m;
  std::condition_variable cv;
  bool ready = false;
  std::thread a([&] {
    std::unique_lock l(m);
    cv.wait(l, [&] { return ready; });
  });
  std::thread b([&] {
    std::lock_guard l(m);
    ready = true;
    cv.notify_one();
  });
  a.join(), b.join();
}
CASE(flag_set_without_the_lock, "lost_wakeup,data_race") {
  std::mutex m;
  std::condition_variable cv;
  bool ready = false;
  std::thread a([&] {
    std::unique_lock l(m);
    while (!ready) cv.wait(l);
  });
  std::thread b([&] {
    ready = true;
    cv.notify_one();
  });
  a.join(), b.join();
}
CASE(two_kinds_of_waiters_one_signal, "hang,lost_wakeup") {
  // A buffer of one place, two producers, two consumers, one condition: notify_one may wake the wrong kind.
  std::mutex m;
  std::condition_variable cv;
  int full = 0;
  const auto produce = [&] {
    std::unique_lock l(m);
    while (full) cv.wait(l);
    full = 1;
    cv.notify_one();
  };
  const auto consume = [&] {
    std::unique_lock l(m);
    while (!full) cv.wait(l);
    full = 0;
    cv.notify_one();
  };
  std::thread a(produce), b(consume), c(produce), d(consume);
  a.join(), b.join(), c.join(), d.join();
}
CASE(two_kinds_of_waiters_broadcast, "") {
  std::mutex m;
  std::condition_variable cv;
  int full = 0;
  const auto produce = [&] {
    std::unique_lock l(m);
    while (full) cv.wait(l);
    full = 1;
    cv.notify_all();
  };
  const auto consume = [&] {
    std::unique_lock l(m);
    while (!full) cv.wait(l);
    full = 0;
    cv.notify_all();
  };
  std::thread a(produce), b(consume), c(produce), d(consume);
  a.join(), b.join(), c.join(), d.join();
}
CASE(stolen_between_wake_and_lock, "wrong_result,lost_wakeup") {
  std::mutex m;
  std::condition_variable cv;
  int items = 0;
  const auto take = [&] {
    std::unique_lock l(m);
    if (items == 0) cv.wait(l);
    EXPECT(items > 0);
    --items;
  };
  std::thread a(take);
  std::thread b([&] {
    std::lock_guard l(m);
    ++items;
    cv.notify_one();
  });
  std::thread c([&] {
    std::lock_guard l(m);
    if (items > 0) --items;
  });
  b.join(), c.join();
  {
    std::lock_guard l(m);
    cv.notify_one();
  }
  a.join();
}
CASE(timed_wait_comes_back, "") {
  std::mutex m;
  std::condition_variable cv;
  std::unique_lock l(m);
  EXPECT(cv.wait_for(l, 1h) == std::cv_status::timeout);
}
CASE(polling_with_sleep, "") {
  std::mutex m;
  bool done = false;
  std::thread a([&] {
    std::this_thread::sleep_for(5ms);
    std::lock_guard l(m);
    done = true;
  });
  for (;;) {
    {
      std::lock_guard l(m);
      if (done) break;
    }
    std::this_thread::sleep_for(1ms);
  }
  a.join();
}
CASE(condition_variable_any_and_shared_mutex, "") {
  std::shared_mutex m;
  std::condition_variable_any cv;
  bool go = false;
  std::thread a([&] {
    std::shared_lock l(m);
    cv.wait(l, [&] { return go; });
  });
  {
    std::lock_guard l(m);
    go = true;
  }
  cv.notify_all();
  a.join();
}

CASE(readers_do_not_order, "data_race,wrong_result") {
  std::shared_mutex m;
  int n = 0;
  const auto work = [&] {
    std::shared_lock l(m);
    ++n;
  };
  std::thread a(work), b(work);
  a.join(), b.join();
  EXPECT(n == 2);
}
CASE(readers_and_a_writer, "") {
  std::shared_mutex m;
  int n = 0, seen[2] = {};
  std::thread a([&] {
    std::shared_lock l(m);
    seen[0] = n;
  });
  std::thread b([&] {
    std::shared_lock l(m);
    seen[1] = n;
  });
  std::thread c([&] {
    std::lock_guard l(m);
    ++n;
  });
  a.join(), b.join(), c.join();
  EXPECT(seen[0] <= 1 && seen[1] <= 1 && n == 1);
}
CASE(upgrade_by_two_readers, "deadlock") {
  pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
  const auto work = [&] {
    pthread_rwlock_rdlock(&lock);
    pthread_rwlock_wrlock(&lock);
    pthread_rwlock_unlock(&lock);
    pthread_rwlock_unlock(&lock);
  };
  std::thread a(work), b(work);
  a.join(), b.join();
}
