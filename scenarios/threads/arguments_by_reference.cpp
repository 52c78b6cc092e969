// The threads of threads/arguments see the loop's variable itself. The interleaving that matters is a thread that
// begins only when the loop has gone on: it adds the next number, or the one that ended the loop. Reading the variable
// while the loop changes it is a data race. A bad run: 3 + 3 + 4 instead of 1 + 2 + 3.
#include <chicane/scenario.h>

#include <array>
#include <atomic>
#include <functional>
#include <thread>

struct ArgumentsByReference {
  static constexpr int threads = 3;
  int number = 0;
  std::atomic<long> sum = 0;

  static void add(const int& number, std::atomic<long>& to) { to += number; }

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      std::array<std::thread, threads> started;
      for (number = 1; number <= threads; ++number)
        started[number - 1] = std::thread(add, std::cref(number), std::ref(sum));
      for (std::thread& thread : started) thread.join();
    }
  }
  void check(chicane::Check& check) const {
    check.equal("sum", sum.load(), check.operations() * (threads * (threads + 1) / 2));
  }
};

CHICANE_SCENARIO("threads/arguments-by-reference", ArgumentsByReference)
    .says("three threads are started with a reference to the loop's own variable")
    .must(chicane::data_race.at("ArgumentsByReference::add").on("number", &ArgumentsByReference::number),
          chicane::wrong_result.at("sum"))
    .exactly_workers(1)
    .operation("three threads with arguments")
    .tag("more");
