// Replays a stream of decisions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "harness/explore/decision.h"
#include "harness/explore/outcome.h"
#include "harness/explore/scheduler.h"

namespace chicane::explore {

// The scheduler that replays a stream; past its end, and for what does not fit, it takes 0. Its divergence is part of
// the Outcome. Shrinking uses it with streams that are meant not to fit: `strict` off.
class Replay : public Scheduler {
 public:
  explicit Replay(const Decisions& decisions, bool strict = true) : decisions_(decisions), strict_(strict) {}
  void begin(std::uint64_t seed) override;
  std::uint32_t pick_thread(const ThreadChoice& choice) override;
  std::uint32_t pick_other(const OtherChoice& choice) override;
  void end(const Outcome&) override {}
  Wants wants() const override { return {.performed = false, .reads_from = false}; }
  const std::optional<Divergence>& divergence() const { return divergence_; }

 private:
  std::uint32_t next(DecisionKind kind, std::uint32_t alternatives);
  const Decisions& decisions_;
  bool strict_;
  std::size_t at_ = 0;
  std::uint64_t steps_ = 0;
  std::optional<Divergence> divergence_;
};

}  // namespace chicane::explore
