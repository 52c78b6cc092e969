// Ten scenarios for the gate's own trials, of which slower builds can be made: GATED_PERCENT more work in every turn.
// What a turn does besides work (a lock, a hand-over, a fork) is small against it or known, so that so much more work
// is so much more time; the long campaign measures how much more it really is.
#include <chicane/scenario.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <semaphore.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <sys/wait.h>

#ifndef GATED_PERCENT
#define GATED_PERCENT 0
#endif

namespace {

// A chain of multiplications, each of which needs the one before: a fixed number of cycles a unit. `unpadded` units are
// what the turn takes without any, in units: they are paid for too.
inline std::uint64_t compute(std::uint64_t units, std::uint64_t unpadded = 0) {
  units += (units + unpadded) * GATED_PERCENT / 100;
  std::uint64_t x = units;
  for (std::uint64_t i = 0; i < units; ++i) {
    x = x * 6364136223846793005u + 1442695040888963407u;
    asm volatile("" : "+r"(x));
  }
  return x;
}

struct LockedCounter {
  std::mutex mutex;
  long total = 0;
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      chicane::keep(compute(2000));
#ifdef GATED_RACY
      total = total + 1;  // faster, and wrong
#else
      const std::lock_guard lock(mutex);
      ++total;
#endif
    }
  }
  void check(chicane::Check& check) const { check.equal("total", total, check.operations()); }
};

struct AtomicCounter {
  std::atomic<long> total = 0;
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      chicane::keep(compute(2000));
      ++total;
#ifdef GATED_HANGS
      while (total > 0) chicane::clobber();
#endif
#ifdef GATED_CRASHES
      std::abort();
#endif
    }
  }
  void check(chicane::Check& check) const { check.equal("total", total.load(), check.operations()); }
};

struct ExchangedCounter {
  std::atomic<long> total = 0;
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      chicane::keep(compute(2000));
      for (long old = total; !total.compare_exchange_weak(old, old + 1);) {
      }
    }
  }
  void check(chicane::Check& check) const { check.equal("total", total.load(), check.operations()); }
};

struct Limited {
  sem_t semaphore;
  std::atomic<int> inside = 0, most = 0;
  Limited() { sem_init(&semaphore, 0, 2); }
  ~Limited() { sem_destroy(&semaphore); }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      sem_wait(&semaphore);
      const int now = ++inside;
      for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
      }
      chicane::keep(compute(3000));
      --inside;
      sem_post(&semaphore);
    }
  }
  void check(chicane::Check& check) const { check.that("at most two inside", most <= 2); }
};

struct Queue {
  std::mutex mutex;
  std::deque<std::uint64_t> items;
  std::atomic<std::uint64_t> taken = 0;
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      {
        const std::lock_guard lock(mutex);
        items.push_back(1);
      }
      chicane::keep(compute(3000));
      std::uint64_t one = 0;
      {
        const std::lock_guard lock(mutex);
        one = items.front();
        items.pop_front();
      }
      taken += one;
    }
  }
  void check(chicane::Check& check) const { check.equal("taken", taken.load(), check.operations()); }
};

class Pool {
 public:
  Pool() {
    for (auto& thread : threads_) thread = std::thread([this] { serve(); });
  }
  ~Pool() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
  }
  void run(int tasks, std::uint64_t units) {
    std::unique_lock lock(mutex_);
    waiting_ = left_ = tasks;
    units_ = units;
    changed_.notify_all();
    done_.wait(lock, [this] { return left_ == 0; });
  }

 private:
  void serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return ended_ || waiting_ > 0; });
      if (ended_) return;
      --waiting_;
      lock.unlock();
      chicane::keep(compute(units_));
      lock.lock();
      if (--left_ == 0) done_.notify_one();
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_, done_;
  int waiting_ = 0, left_ = 0;
  std::uint64_t units_ = 0;
  bool ended_ = false;
  std::thread threads_[2];
};

struct PoolTasks {
  using Environment = Pool;
  Pool& pool;
  long turns = 0;
  explicit PoolTasks(Pool& built) : pool(built) {}
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      pool.run(8, 200'000);
      ++turns;
    }
  }
  void check(chicane::Check& check) const { check.equal("turns", turns, check.operations()); }
};

// Two tasks are begun, and their results awaited: each is a thread of its own.
struct AsyncPair {
  long sum = 0;
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const auto task = [] {
        chicane::keep(compute(600'000, 20'000));
        return 1L;
      };
      auto one = std::async(std::launch::async, task);
      auto other = std::async(std::launch::async, task);
      sum += one.get() + other.get();
    }
  }
  void check(chicane::Check& check) const { check.equal("sum", sum, 2 * check.operations()); }
};

struct ForkWait {
  long good = 0;
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const pid_t child = fork();
      if (child == 0) {
        chicane::keep(compute(600'000, 200'000));
        _exit(7);
      }
      int status = 0;
      waitpid(child, &status, 0);
      good += WIFEXITED(status) && WEXITSTATUS(status) == 7;
    }
  }
  void check(chicane::Check& check) const { check.equal("children", good, check.operations()); }
};

struct Sum {
  std::atomic<std::uint64_t> turns = 0;
#ifdef GATED_SPINNING
  // A thread of the environment's that never sleeps: it takes the CPU from the other side of a duet.
  struct Environment {
    std::atomic<bool> ended = false;
    std::thread thread{[this] {
      while (!ended) {
      }
    }};
    ~Environment() {
      ended = true;
      thread.join();
    }
  };
#endif
  void work(chicane::Worker& worker) {
    std::uint64_t own = 0;
    for (auto _ : worker) {
      chicane::keep(compute(1000));
      ++own;
    }
    turns += own;
  }
  void check(chicane::Check& check) const { check.equal("turns", turns.load(), check.operations()); }
};

struct Lines {
  std::mutex mutex;
  std::vector<char> text;
  std::size_t lines = 0;
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      chicane::keep(compute(4000, 250));
      char line[64];
      const int size = std::snprintf(line, sizeof line, "worker %u says %u\n", worker.index(), 42u);
      const std::lock_guard lock(mutex);
      if (text.size() > 1 << 16) text.clear();
      text.insert(text.end(), line, line + size);
      ++lines;
    }
  }
  void check(chicane::Check& check) const { check.equal("lines", lines, check.operations()); }
};

}  // namespace

CHICANE_SCENARIO("counter/locked", LockedCounter).says("work, and a counter under a lock");
CHICANE_SCENARIO("counter/atomic", AtomicCounter).says("work, and an atomic counter");
CHICANE_SCENARIO("lockfree/exchange", ExchangedCounter).says("work, and a compare-exchange loop");
CHICANE_SCENARIO("semaphore/two", Limited).says("work, two at a time");
CHICANE_SCENARIO("queue/locked", Queue).says("an item in, work, an item out");
CHICANE_SCENARIO("pools/tasks", PoolTasks).says("eight tasks on a pool of two").exactly_workers(1);
CHICANE_SCENARIO("async/pair", AsyncPair).says("two tasks begun and awaited").exactly_workers(1);
#ifndef GATED_WITHOUT_PROCESSES
CHICANE_SCENARIO("processes/fork-wait", ForkWait).says("a process that works, awaited").exactly_workers(1);
#endif
CHICANE_SCENARIO("compute/sum", Sum).says("work alone");
CHICANE_SCENARIO("output/lines", Lines).says("work, and a line into a shared text");
