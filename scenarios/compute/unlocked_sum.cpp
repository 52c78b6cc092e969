// Two threads count primes into one plain total. The interleaving that matters: both load the same total, and one of
// the two increments is lost. Each has its own share of the numbers, so that nothing at all orders the two.
// A bad run: 53 primes counted where there are 54.
#include <chicane/scenario.h>

#include <cstdint>
#include <thread>

#include "scenarios/compute/primes.h"

struct UnlockedSum {
  static constexpr std::uint32_t first = 1000, end = 1400;
  std::uint64_t total = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      std::thread other([this] { count(first, (first + end) / 2); });
      count((first + end) / 2, end);
      other.join();
    }
  }
  void count(std::uint32_t from, std::uint32_t to) {
    for (std::uint32_t number = from; number < to; ++number) {
      if (is_prime(number)) ++total;
      chicane::clobber();  // else the compiler adds up in a register and stores once
    }
  }
  void check(chicane::Check& check) const {
    check.equal("primes counted", total, primes_sieved(first, end) * check.operations());
  }
};

CHICANE_SCENARIO("compute/unlocked-sum", UnlockedSum)
    .says("two threads count primes into one plain total")
    .must(chicane::data_race.at("UnlockedSum::count").on("total", &UnlockedSum::total),
          // On real cores the second thread often comes when the first has done its share.
          chicane::wrong_result.at("primes counted").in("explore"))
    .exactly_workers(1)
    .operation("primes into one total")
    .tag("more");
