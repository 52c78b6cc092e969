// Random walk: each enabled thread is as likely at each choice.
#pragma once

#include "harness/explore/scheduler.h"
#include "harness/explore/schedulers/random.h"

namespace chicane::explore {

class RandomWalk : public Scheduler {
 public:
  void begin(std::uint64_t seed) override { random_ = Random(seed); }
  std::uint32_t pick_thread(const ThreadChoice& choice) override;
  std::uint32_t pick_other(const OtherChoice& choice) override { return random_other(random_, choice); }
  Wants wants() const override { return {.performed = false, .reads_from = false}; }

 private:
  Random random_;
};

}  // namespace chicane::explore
