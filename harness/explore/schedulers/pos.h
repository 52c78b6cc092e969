// Partial order sampling (Yuan, Yang, Gu: Partial order aware concurrency sampling, CAV 2018): every pending operation
// has a random priority, the highest one is taken, and operations that race with it draw again. Operations that don't
// matter to each other are thus ordered once, at random, and not by who was busier.
#pragma once

#include <array>

#include "harness/explore/schedulers/by_thread.h"
#include "harness/explore/schedulers/random.h"

namespace chicane::explore {

class Pos : public Scheduler {
 public:
  void begin(std::uint64_t seed) override;
  std::uint32_t pick_thread(const ThreadChoice& choice) override;
  std::uint32_t pick_other(const OtherChoice& choice) override { return random_other(random_, choice); }
  void performed(ThreadId thread, const Operation& operation) override;

 protected:
  struct State {
    std::int64_t priority = 0;
    bool drawn = false;    // for the operation that is pending
    bool yielded = false;  // … and it has stood aside
    bool kept = false;     // … since looks before that saw the same
    std::uint32_t passed_over = 0;
  };
  void draw_priorities(const ThreadChoice& choice);
  // Threads that spin unnoticed draw again with each step, until they win against any other. After so many choices a
  // thread has its turn all the same; a limit near the length of usual schedules would make long waits unlikely, and
  // there are bugs behind them.
  static constexpr std::uint32_t patience = 1'000;
  static constexpr std::int64_t least_random = std::int64_t{1} << 32;  // those who stand aside are below

  Random random_;
  ByThread<State> threads_;
  std::int64_t lowest_ = least_random;

 private:
  void draw(const Pending& pending);
  // What was done since the last choice: more than one step where only one thread could go on. The last ones are
  // enough: with those before, hardly anybody else was there to race.
  struct Done {
    ThreadId thread = 0;
    Operation operation;
  };
  std::array<Done, 16> done_{};
  std::uint32_t done_count_ = 0;
};

}  // namespace chicane::explore
