// Round-robin: each thread takes a fixed number of steps, then the next one in turn. The seed gives the number (1 to 8)
// and nothing else, so there are eight schedules in all.
#pragma once

#include <optional>

#include "harness/explore/scheduler.h"

namespace chicane::explore {

class RoundRobin : public Scheduler {
 public:
  static constexpr std::uint32_t longest_turn = 8;
  static constexpr std::uint32_t for_ever = ~std::uint32_t{0};
  // The same turn for all schedules, whatever the seed: for_ever is the plain course of things.
  void set_turn(std::optional<std::uint32_t> turn) { fixed_ = turn; }
  void begin(std::uint64_t seed) override;
  std::uint32_t pick_thread(const ThreadChoice& choice) override;
  Wants wants() const override { return {.performed = false, .reads_from = false}; }

 private:
  std::optional<std::uint32_t> fixed_;
  std::uint32_t turn_ = 1;
  std::uint32_t taken_ = 0;  // steps in a row by the thread that ran last
  ThreadId running_ = no_thread;
};

}  // namespace chicane::explore
