// Threads' ends, memory, statics, and what the standard library builds on them.
#include <atomic>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <future>
#include <mutex>
#include <numeric>
#include <optional>
#include <semaphore.h>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "tests/explore/cases/case.h"

CASE(use_after_free, "memory_error,data_race") {
  int* shared = new int(1);
  std::thread a([&] { delete shared; });
  int copy = *shared;
  a.join();
  EXPECT(copy == 1);
}
CASE(use_after_free_by_one, "memory_error") {
  int* p = new int(1);
  delete p;
  std::thread([] {}).join();
  volatile int copy = *p;
  (void)copy;
}
CASE(freed_twice, "memory_error") {
  int* p = new int(1);
  std::thread([=] { delete p; }).join();
  delete p;
}
CASE(memory_used_again, "") {
  for (int i = 0; i < 3; ++i) {
    std::thread([] {
      auto* bytes = static_cast<char*>(std::malloc(100));
      std::memset(bytes, 1, 100);
      std::free(bytes);
    }).join();
  }
  std::vector<int> growing;
  for (int i = 0; i < 100; ++i) growing.push_back(i);
  EXPECT(std::accumulate(growing.begin(), growing.end(), 0) == 4950);
}
CASE(stacks_used_again, "") {
  for (int i = 0; i < 3; ++i) {
    std::thread a([&] {
      int n = i;
      int* p = &n;
      ++*p;
    });
    std::thread b([&] {
      int n = i;
      int* p = &n;
      ++*p;
    });
    a.join(), b.join();
  }
}
CASE(local_of_a_function_that_is_left, "data_race,memory_error,wrong_result,crash") {
  std::thread a;
  int* escaped = nullptr;
  const auto start = [&] {
    int local = 0;
    escaped = &local;
    a = std::thread([&local] { local = 7; });
  };
  const auto next = [] {
    int other = 1;
    int* p = &other;
    std::this_thread::yield();
    return *p;
  };
  start();
  EXPECT(next() == 1);
  a.join();
}
CASE(vector_grows_unlocked, "data_race,memory_error,crash,wrong_result,uncaught_exception") {
  std::vector<int> all;
  std::thread a([&] { all.push_back(1); }), b([&] { all.push_back(2); });
  a.join(), b.join();
  EXPECT(all.size() == 2);
}
CASE(virtual_call_while_destroyed, "data_race") {
  struct Base {
    std::thread worker;
    virtual void work() {}
    Base() = default;
    virtual ~Base() {
      if (worker.joinable()) worker.join();
    }
  };
  struct Derived : Base {
    int value = 1;
    void work() override { value = 2; }
    Derived() {
      worker = std::thread([this] { work(); });
    }
  };
  Derived object;
}
CASE(exception_in_a_thread, "uncaught_exception") {
  std::thread a([] { throw std::runtime_error("nobody catches this"); });
  a.join();
}
CASE(exception_caught, "") {
  std::thread a([] {
    try {
      throw std::runtime_error("x");
    } catch (const std::exception&) {
    }
  });
  a.join();
}
CASE(failed_assertion, "crash") {
  int n = 0;
  std::atomic<int> go = 0;
  std::thread a([&] { go = 1; });
  if (go == 1) {
    assert(n == 1 && "reached");
    abort();
  }
  a.join();
}
CASE(null_dereferenced, "crash") {
  std::atomic<int*> pointer = nullptr;
  int n = 0;
  std::thread a([&] { pointer = &n; });
  *pointer.load() = 1;
  a.join();
}
CASE(ends_the_process, "early_exit") {
  std::thread a([] { std::exit(3); });
  a.join();
}
CASE(thread_destroyed_joinable, "crash") {
  std::thread a([] {});
}
CASE(detached_outlives, "memory_error,data_race") {
  auto* n = new int(0);
  std::thread([=] { ++*n; }).detach();
  delete n;
}
static std::atomic<int> counted_alive;
struct Counted {
  Counted() { ++counted_alive; }
  ~Counted() { --counted_alive; }
  int value = 5;
};
static thread_local Counted counted_here;
static thread_local int number_here = 3;
CASE(thread_local_objects, "") {
  counted_alive = 0;
  const auto work = [] {
    EXPECT(number_here == 3);
    number_here = 4;
    EXPECT(counted_here.value == 5);
    counted_here.value = 6;
  };
  std::thread a(work), b(work);
  a.join(), b.join();
  EXPECT(counted_alive == 0);
}
CASE(specific_data_is_destroyed, "") {
  static std::atomic<int> destroyed;
  destroyed = 0;
  pthread_key_t key;
  pthread_key_create(&key, [](void*) { ++destroyed; });
  std::thread a([=] { pthread_setspecific(key, reinterpret_cast<void*>(1)); });
  a.join();
  EXPECT(destroyed == 1);
  pthread_key_delete(key);
}
CASE(call_once_runs_once, "") {
  std::once_flag flag;
  int n = 0;
  const auto work = [&] {
    std::call_once(flag, [&] { ++n; });
    EXPECT(n == 1);
  };
  std::thread a(work), b(work), c(work);
  a.join(), b.join(), c.join();
}
// Its thread-local variables are the C++ library's, which is not instrumented; the code that writes them is inlined.
CASE(call_once_of_threads_that_nothing_orders, "") {
  std::once_flag first, second;
  std::atomic<bool> joined = false;
  std::thread a([&] { std::call_once(first, [] {}); });
  std::thread joiner([&] {
    a.join();
    joined.store(true, std::memory_order_relaxed);
  });
  while (!joined.load(std::memory_order_relaxed)) std::this_thread::yield();
  std::thread b([&] { std::call_once(second, [] {}); });  // may get what a had for its own variables
  joiner.join(), b.join();
}
CASE(call_once_throws_then_runs, "") {
  std::once_flag flag;
  int tries = 0;
  const auto work = [&] {
    try {
      std::call_once(flag, [&] {
        if (++tries == 1) throw 1;
      });
    } catch (int) {
    }
  };
  std::thread a(work), b(work);
  a.join(), b.join();
  EXPECT(tries >= 1 && tries <= 2);
}
CASE(static_of_a_function, "") {
  struct Slow {
    int value = 0;
    Slow() {
      std::this_thread::yield();
      value = 9;
    }
  };
  const auto work = [] {
    static Slow slow;
    EXPECT(slow.value == 9);
  };
  std::thread a(work), b(work);
  a.join(), b.join();
}
CASE(futures_and_promises, "") {
  std::promise<int> promise;
  auto future = promise.get_future();
  std::thread a([&] { promise.set_value(4); });
  EXPECT(future.get() == 4);
  a.join();
  auto other = std::async(std::launch::async, [] { return 5; });
  EXPECT(other.get() == 5);
  std::packaged_task<int()> task([] { return 6; });
  auto third = task.get_future();
  std::thread b(std::move(task));
  EXPECT(third.get() == 6);
  b.join();
}
CASE(promise_that_is_never_kept, "hang,lost_wakeup") {
  std::promise<int> promise;
  auto future = promise.get_future();
  future.wait();
}
CASE(stop_token_stops, "") {
  std::atomic<int> turns = 0;
  {
    std::jthread a([&](std::stop_token stop) {
      while (!stop.stop_requested()) {
        ++turns;
        std::this_thread::yield();
      }
    });
  }
  EXPECT(turns >= 0);
}
CASE(posix_semaphore, "") {
  sem_t one;
  sem_init(&one, 0, 1);
  int n = 0;
  const auto work = [&] {
    sem_wait(&one);
    ++n;
    sem_post(&one);
  };
  std::thread a(work), b(work);
  a.join(), b.join();
  EXPECT(n == 2);
  sem_destroy(&one);
}
CASE(posix_semaphore_of_two, "data_race,wrong_result") {
  sem_t two;
  sem_init(&two, 0, 2);
  int n = 0;
  const auto work = [&] {
    sem_wait(&two);
    ++n;
    sem_post(&two);
  };
  std::thread a(work), b(work);
  a.join(), b.join();
  EXPECT(n == 2);
}
CASE(posix_barrier, "") {
  pthread_barrier_t meet;
  pthread_barrier_init(&meet, nullptr, 3);
  int values[3] = {};
  std::atomic<int> last = 0;
  std::vector<std::thread> all;
  for (int i = 0; i < 3; ++i)
    all.emplace_back([&, i] {
      values[i] = 1;
      if (pthread_barrier_wait(&meet) == PTHREAD_BARRIER_SERIAL_THREAD) ++last;
      EXPECT(values[0] + values[1] + values[2] == 3);
    });
  for (auto& one : all) one.join();
  EXPECT(last == 1);
  pthread_barrier_destroy(&meet);
}
CASE(thread_ends_by_pthread_exit, "") {
  struct Guard {
    int& n;
    ~Guard() { ++n; }
  };
  int unwound = 0;
  std::thread a([&] {
    Guard guard{unwound};
    pthread_exit(nullptr);
  });
  a.join();
  EXPECT(unwound == 1);
}
CASE(strings_are_passed_under_a_lock, "") {
  std::mutex m;
  std::string text = "a text that is too long for the small buffer of a string";
  const auto work = [&] {
    const std::lock_guard lock(m);
    text += " and longer";
  };
  std::thread a(work), b(work);
  a.join(), b.join();
  EXPECT(text.size() == 57 + 22 - 1 || text.size() > 0);
}
static thread_local int counted_by_thread = 0;
CASE(thread_locals_used_again, "") {
  // The second thread of `b` may get what the thread of `a` had, and is not ordered after it.
  const auto use = [] {
    int* mine = &counted_by_thread;
    EXPECT(++*mine == 1);
  };
  std::thread a([&] { std::thread(use).join(); }), b([&] {
    std::thread(use).join();
    std::thread(use).join();
  });
  a.join(), b.join();
}
CASE(many_threads, "") {
  std::atomic<int> n = 0;
  for (int round = 0; round < 10; ++round) {
    std::vector<std::thread> all;
    for (int i = 0; i < 30; ++i) all.emplace_back([&] { ++n; });
    for (auto& one : all) one.join();
  }
  EXPECT(n == 300);
}
