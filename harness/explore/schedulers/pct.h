// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: A randomized scheduler with
// probabilistic guarantees of finding bugs, ASPLOS 2010): random priorities of threads, the highest one runs, and at
// depth - 1 random choices the running thread falls below all others. Of n threads and k choices, a bug of this depth
// shows with probability at least 1 / (n k^(depth - 1)) in each schedule.
//
// The bound holds for schedules of at most k choices in which nobody yields. Who yields falls below everybody; where
// that has happened, change points use the same falling counter, or two threads that spin would starve a third.
#pragma once

#include <array>

#include "harness/explore/schedulers/by_thread.h"
#include "harness/explore/schedulers/random.h"

namespace chicane::explore {

class Pct : public Scheduler {
 public:
  static constexpr std::uint32_t greatest_depth = 8;
  explicit Pct(std::uint32_t depth) : depth_(depth < greatest_depth ? depth : greatest_depth) {}

  // Of the schedules to come: how many choices of threads they have. More than that, and the later ones never see a
  // change point; much fewer, and change points fall behind the end.
  void expect(std::uint64_t choices) { expected_ = choices > 0 ? choices : 1; }
  void set_depth(std::uint32_t depth) { depth_ = depth < greatest_depth ? depth : greatest_depth; }

  void begin(std::uint64_t seed) override;
  std::uint32_t pick_thread(const ThreadChoice& choice) override;
  std::uint32_t pick_other(const OtherChoice& choice) override { return random_other(random_, choice); }
  Wants wants() const override { return {.performed = false, .reads_from = false}; }

 private:
  struct State {
    std::int64_t priority = 0;
    bool known = false;
    std::uint64_t yielded_at = 0;  // its own step count + 1 where it last fell for a yield
  };
  std::uint32_t highest(const ThreadChoice& choice);
  void fall(State& state) { state.priority = --lowest_; }

  std::uint32_t depth_;
  std::uint64_t expected_ = 100;
  Random random_;
  ByThread<State> threads_;
  struct Change {
    std::uint64_t at = 0;
    std::int64_t priority = 0;
  };
  std::array<Change, greatest_depth> changes_{};
  std::uint64_t choices_ = 0;
  std::int64_t lowest_ = 0;  // random priorities are above greatest_depth, change points from depth - 1 down to 1
  ThreadId running_ = no_thread;
  std::uint64_t in_a_row_ = 0;
};

}  // namespace chicane::explore
