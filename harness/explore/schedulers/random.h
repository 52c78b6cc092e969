// Randomness of schedulers: fast, and the same on every machine. Also the choices other than threads, as most searches
// want them.
#pragma once

#include <cstdint>
#include <span>

#include "harness/explore/scheduler.h"
#include "harness/model/mixing.h"

namespace chicane::explore {

class Random {
 public:
  explicit Random(std::uint64_t seed = 0) : state_(seed), stubborn_(Random(seed, 0).next() % 3 == 0) {}
  std::uint64_t next() {
    state_ += splitmix64_step;
    return splitmix64(state_);
  }
  std::uint32_t below(std::uint32_t bound) {  // 0 … bound-1; bound is at least 1
    return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32);
  }
  bool one_in(std::uint32_t n) { return below(n) == 0; }
  // One seed of three: a schedule that lets threads spin for a while before others come.
  bool stubborn() const { return stubborn_; }

 private:
  Random(std::uint64_t seed, int) : state_(~seed) {}
  std::uint64_t state_;
  bool stubborn_ = false;
};

// The seed of one schedule out of the seed of a search: neighbours have nothing in common.
inline std::uint64_t seed_of(std::uint64_t search, std::uint64_t number) {
  Random random(search);
  return Random(random.next() ^ (number * 0xd1342543de82ef95ULL)).next();
}

// Waiters: each as likely. Reads: the newest value half of the time, else any older one. Timeouts and wake-ups without
// cause: one in four; failures without cause: one in eight, since retry loops ask again and again.
std::uint32_t random_other(Random& random, const OtherChoice& choice);

// Whether a search obeys a thread that asks for others to go first. Spinning: always,
// but in stubborn schedules only after as many turns as libraries spin before they sleep. A yield or sleep that the
// code calls: three times of four, because a sleep orders nothing, and bugs hide behind sleeps that "make sure".
bool obeys_yield(Random& random, const Operation& operation);

}  // namespace chicane::explore
