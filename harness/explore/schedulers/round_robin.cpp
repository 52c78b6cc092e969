#include "harness/explore/schedulers/round_robin.h"

namespace chicane::explore {

void RoundRobin::begin(std::uint64_t seed) {
  turn_ = fixed_.value_or(1 + static_cast<std::uint32_t>(seed % longest_turn));
  taken_ = 0;
  running_ = no_thread;
}

std::uint32_t RoundRobin::pick_thread(const ThreadChoice& choice) {
  // Alternatives come in turn already: 0 is the running thread, if it may go on, and 1 the one after it.
  const bool may_go_on = choice.last_enabled && choice.enabled.front().thread == choice.last;
  if (running_ != choice.last) {
    running_ = choice.last;
    taken_ = 1;
  }
  if (may_go_on && taken_ < turn_) {
    ++taken_;
    return 0;
  }
  const std::uint32_t picked = may_go_on && !choice.enabled[1].operation.yields ? 1 : 0;
  running_ = choice.enabled[picked].thread;
  taken_ = 1;
  return picked;
}

}  // namespace chicane::explore
