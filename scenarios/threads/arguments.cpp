// Threads with arguments. std::thread copies them before it starts, so that each thread has the value that the loop's
// variable had at its start, however late it begins to run. What is meant to be shared is passed by std::ref, and lives
// until all threads are joined.
// With the variable by reference, as in threads/arguments-by-reference, a bad run adds a later value, or one twice.
#include <chicane/scenario.h>

#include <array>
#include <atomic>
#include <functional>
#include <thread>

struct Arguments {
  static constexpr int threads = 3;
  std::atomic<long> sum = 0;

  static void add(int number, std::atomic<long>& to) { to += number; }

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      std::array<std::thread, threads> started;
      for (int number = 1; number <= threads; ++number) started[number - 1] = std::thread(add, number, std::ref(sum));
      for (std::thread& thread : started) thread.join();
    }
  }
  void check(chicane::Check& check) const {
    check.equal("sum", sum.load(), check.operations() * (threads * (threads + 1) / 2));
  }
};

CHICANE_SCENARIO("threads/arguments", Arguments)
    .says("three threads are started with a number each, by value")
    .exactly_workers(1)
    .operation("three threads with arguments")
    .tag("more");
