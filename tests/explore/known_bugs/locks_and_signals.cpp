// Deadlocks, lost signals and bounded buffers, after SCTBench's CS, Inspect and RADBench.
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <pthread.h>
#include <semaphore.h>
#include <semaphore>
#include <thread>
#include <vector>

#include "tests/explore/cases/case.h"

CASE(deadlock01_bad, "deadlock") {
  std::mutex a, b;
  std::thread one([&] {
    for (int i = 0; i < 2; ++i) {
      std::lock_guard first(a);
      std::lock_guard second(b);
    }
  });
  std::thread two([&] {
    for (int i = 0; i < 2; ++i) {
      std::lock_guard first(b);
      std::lock_guard second(a);
    }
  });
  one.join(), two.join();
}

CASE(carter01_bad, "deadlock") {  // the order differs only where a flag was seen
  std::mutex m, l;
  int a = 0, b = 0;
  std::thread t1([&] {
    m.lock();
    if (++a == 1) l.lock();
    m.unlock();
    m.lock();
    if (--a == 0) l.unlock();
    m.unlock();
  });
  std::thread t2([&] {
    l.lock();
    if (++b == 1) m.lock();
    l.unlock();
    l.lock();
    if (--b == 0) m.unlock();
    l.unlock();
  });
  t1.join(), t2.join();
}

template <int N>
static void dine(bool ordered) {
  std::array<std::mutex, N> forks;
  std::vector<std::thread> all;
  for (std::size_t i = 0; i < N; ++i)
    all.emplace_back([&, i] {
      std::size_t left = i, right = (i + 1) % N;
      if (ordered && left > right) std::swap(left, right);
      std::lock_guard first(forks[left]);
      std::lock_guard second(forks[right]);
    });
  for (auto& one : all) one.join();
}
CASE(din_phil2_sat, "deadlock") { dine<2>(false); }
CASE(din_phil3_sat, "deadlock") { dine<3>(false); }
CASE(din_phil5_sat, "deadlock") { dine<5>(false); }
CASE(din_phil7_sat, "deadlock") { dine<7>(false); }
CASE(din_phil5_fixed, "") { dine<5>(true); }

CASE(phase01_bad, "deadlock") {  // a lock left locked on one path
  std::mutex x, y;
  int lockers = 0;
  const auto work = [&] {
    x.lock();
    ++lockers;
    const int mine = lockers;
    x.unlock();
    y.lock();
    if (mine == 1) {
      x.lock();
      x.unlock();
    }
    if (mine != 2) y.unlock();
  };
  std::thread a(work), b(work), c(work);
  a.join(), b.join(), c.join();
}

CASE(sync01_bad, "hang,lost_wakeup") {  // waits for what may have been signalled already
  std::mutex mutex;
  std::condition_variable full;
  int items = 0;
  std::thread puts([&] {
    std::lock_guard lock(mutex);
    ++items;
    full.notify_one();
  });
  std::thread takes([&] {
    std::unique_lock lock(mutex);
    full.wait(lock);
    --items;
  });
  puts.join(), takes.join();
}

struct Bounded {
  std::mutex mutex;
  std::condition_variable not_full, not_empty;
  int items = 0;
  int capacity = 1;
};
CASE(bounded_buffer_one_condition_bad, "hang,lost_wakeup") {  // Inspect: producers and consumers share one
  std::mutex mutex;
  std::condition_variable changed;
  int items = 0;
  const auto put = [&] {
    for (int i = 0; i < 2; ++i) {
      std::unique_lock lock(mutex);
      while (items == 1) changed.wait(lock);
      ++items;
      changed.notify_one();
    }
  };
  const auto take = [&] {
    for (int i = 0; i < 2; ++i) {
      std::unique_lock lock(mutex);
      while (items == 0) changed.wait(lock);
      --items;
      changed.notify_one();
    }
  };
  std::thread a(put), b(put), c(take), d(take);
  a.join(), b.join(), c.join(), d.join();
}
CASE(bounded_buffer_two_conditions_fixed, "") {
  Bounded buffer;
  const auto put = [&] {
    for (int i = 0; i < 2; ++i) {
      std::unique_lock lock(buffer.mutex);
      while (buffer.items == buffer.capacity) buffer.not_full.wait(lock);
      ++buffer.items;
      buffer.not_empty.notify_one();
    }
  };
  const auto take = [&] {
    for (int i = 0; i < 2; ++i) {
      std::unique_lock lock(buffer.mutex);
      while (buffer.items == 0) buffer.not_empty.wait(lock);
      --buffer.items;
      buffer.not_full.notify_one();
    }
  };
  std::thread a(put), b(put), c(take), d(take);
  a.join(), b.join(), c.join(), d.join();
}

CASE(wait_with_if_bad, "wrong_result") {
  std::mutex mutex;
  std::condition_variable filled;
  int items = 0;
  const auto take = [&] {
    std::unique_lock lock(mutex);
    if (items == 0) filled.wait(lock);
    EXPECT(items > 0);
    --items;
  };
  std::thread a(take), b(take);
  std::thread puts([&] {
    for (int i = 0; i < 2; ++i) {
      std::lock_guard lock(mutex);
      ++items;
      filled.notify_one();
    }
  });
  a.join(), b.join(), puts.join();
}
CASE(wait_with_while_fixed, "") {
  std::mutex mutex;
  std::condition_variable filled;
  int items = 0;
  const auto take = [&] {
    std::unique_lock lock(mutex);
    while (items == 0) filled.wait(lock);
    EXPECT(items > 0);
    --items;
  };
  std::thread a(take), b(take);
  std::thread puts([&] {
    for (int i = 0; i < 2; ++i) {
      std::lock_guard lock(mutex);
      ++items;
      filled.notify_one();
    }
  });
  a.join(), b.join(), puts.join();
}

CASE(flag_read_outside_the_lock_bad, "hang,lost_wakeup") {  // RADBench: the check and the wait are apart
  std::mutex mutex;
  std::condition_variable set;
  std::atomic<bool> ready = false;
  std::thread waits([&] {
    if (!ready) {
      std::unique_lock lock(mutex);
      set.wait(lock);
    }
  });
  std::thread sets([&] {
    ready = true;
    set.notify_one();
  });
  waits.join(), sets.join();
}

CASE(monitor_leaves_between_bad, "hang,lost_wakeup") {  // NSPR-like: a counter of waiters that is one behind
  std::mutex mutex;
  std::condition_variable wake;
  int waiters = 0;
  bool done = false;
  std::thread waits([&] {
    {
      std::lock_guard lock(mutex);
      if (done) return;
    }
    std::unique_lock lock(mutex);
    ++waiters;
    wake.wait(lock);
    --waiters;
  });
  std::thread signals([&] {
    std::lock_guard lock(mutex);
    done = true;
    if (waiters > 0) wake.notify_all();
  });
  waits.join(), signals.join();
}

CASE(semaphore_taken_in_two_steps_bad, "hang,lost_wakeup") {
  sem_t permits;
  sem_init(&permits, 0, 2);
  const auto work = [&] {  // each needs both
    sem_wait(&permits);
    sem_wait(&permits);
    sem_post(&permits);
    sem_post(&permits);
  };
  std::thread a(work), b(work);
  a.join(), b.join();
  sem_destroy(&permits);
}

CASE(readers_writer_upgrade_bad, "deadlock,mutex_misuse,wrong_result") {
  pthread_rwlock_t lock;
  pthread_rwlock_init(&lock, nullptr);
  int value = 0;
  const auto work = [&] {  // reads, lets go, writes what it has read: another may have written
    pthread_rwlock_rdlock(&lock);
    const int seen = value;
    pthread_rwlock_unlock(&lock);
    pthread_rwlock_wrlock(&lock);
    value = seen + 1;
    pthread_rwlock_unlock(&lock);
  };
  std::thread a(work), b(work);
  a.join(), b.join();
  EXPECT(value == 2);
  pthread_rwlock_destroy(&lock);
}

CASE(circular_buffer_bad, "wrong_result,data_race") {
  std::mutex mutex;
  std::array<int, 4> slots{};
  int first = 0, next = 0;
  const auto put = [&](int value) {
    slots[static_cast<std::size_t>(next)] = value;
    std::lock_guard lock(mutex);
    next = (next + 1) % 4;
  };
  std::thread puts([&] {
    for (int i = 1; i <= 3; ++i) put(i);
  });
  std::thread takes([&] {
    int expected = 1;
    for (int i = 0; i < 3; ++i) {
      std::lock_guard lock(mutex);
      if (first == next) continue;
      EXPECT(slots[static_cast<std::size_t>(first)] == expected);
      ++expected;
      first = (first + 1) % 4;
    }
  });
  std::thread other([&] { put(9); });
  puts.join(), takes.join(), other.join();
}

CASE(queue_two_flags_bad, "wrong_result,data_race") {  // CS queue: flags written outside of the lock
  std::mutex mutex;
  std::vector<int> queue;
  bool put_flag = true, take_flag = false;
  std::thread puts([&] {
    for (int i = 0; i < 3; ++i) {
      mutex.lock();
      if (put_flag) {
        queue.push_back(i);
        put_flag = false;
        take_flag = true;
      }
      mutex.unlock();
    }
  });
  const auto take = [&] {
    for (int i = 0; i < 3; ++i) {
      if (take_flag) {
        mutex.lock();
        EXPECT(!queue.empty());
        if (!queue.empty()) queue.erase(queue.begin());
        put_flag = true;
        mutex.unlock();
        take_flag = false;
      }
    }
  };
  std::thread a(take), b(take);
  puts.join(), a.join(), b.join();
}

CASE(stack_checked_outside_bad, "wrong_result,data_race") {  // CS stack
  std::mutex mutex;
  int top = 0;
  bool pushed = false;
  std::thread pushes([&] {
    for (int i = 0; i < 3; ++i) {
      std::lock_guard lock(mutex);
      ++top;
      pushed = true;
    }
  });
  const auto pop = [&] {
    for (int i = 0; i < 3; ++i)
      if (pushed && top > 0) {
        std::lock_guard lock(mutex);
        EXPECT(top > 0);
        --top;
      }
  };
  std::thread a(pop), b(pop);
  pushes.join(), a.join(), b.join();
}

// libstdc++ 12: a waiter that has read 2 sleeps on that value, both permits go and come back, and nobody wakes it.
CASE(semaphore_of_two_bad, "hang,lost_wakeup") {
  std::counting_semaphore<> permits(2);
  const auto work = [&] {
    permits.acquire();
    permits.release();
  };
  std::thread a(work), b(work), c(work);
  a.join(), b.join(), c.join();
}

// A pool whose workers leave when they are told to stop, whatever is still queued.
static void pool(bool drain) {
  std::mutex mutex;
  std::condition_variable changed;
  int queued = 0, done = 0;
  bool stopping = false;
  const auto work = [&] {
    for (;;) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return stopping || queued > 0; });
      if (stopping && (!drain || queued == 0)) return;
      --queued;
      ++done;
    }
  };
  std::thread a(work), b(work);
  for (int i = 0; i < 3; ++i) {
    std::lock_guard lock(mutex);
    ++queued;
    changed.notify_one();
  }
  {
    std::lock_guard lock(mutex);
    stopping = true;
  }
  changed.notify_all();
  a.join(), b.join();
  EXPECT(done == 3);
}
CASE(pool_drops_at_shutdown_bad, "wrong_result") { pool(false); }
CASE(pool_drains_at_shutdown_fixed, "") { pool(true); }
