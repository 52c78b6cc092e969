// A schedule told by what is forced in it: at these places the choice is another than the plain course. A place is a
// thread and how many steps it had taken, so that it stays the same place when something before it changes; an index
// into the decision stream would not.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "harness/explore/decision.h"
#include "harness/explore/scheduler.h"
#include "harness/explore/schedulers/by_thread.h"
#include "harness/explore/trace.h"

namespace chicane::explore {

struct Forced {
  DecisionKind kind = DecisionKind::thread;
  ThreadId thread = no_thread;  // who had run last; of other kinds: whose operation asked
  std::uint32_t after = 0;      // its steps so far; of other kinds: its choices of this kind so far
  ThreadId to = no_thread;      // kind thread: who goes on. no_thread: not known, `chosen` is
  std::uint16_t chosen = 0;     // else
  bool operator==(const Forced&) const = default;
};

// What was forced in a schedule that is told by its decisions and its trace.
std::vector<Forced> forced_in(const Decisions& decisions, const Trace& trace);

// Makes that schedule again, or one as near as what is forced can still be done.
class ForcedScheduler : public Scheduler {
 public:
  explicit ForcedScheduler(std::vector<Forced> forced);
  void begin(std::uint64_t seed) override;
  std::uint32_t pick_thread(const ThreadChoice& choice) override;
  std::uint32_t pick_other(const OtherChoice& choice) override;
  void performed(ThreadId thread, const Operation& operation) override;

 private:
  struct State {
    std::uint32_t steps = 0;
    std::array<std::uint32_t, Spelling<DecisionKind>::names.size()> choices{};
  };
  std::span<const Forced> at(DecisionKind kind, ThreadId thread, std::uint32_t after) const;
  std::vector<Forced> forced_;  // by place; several at one in the order in which they were given
  ByThread<State> threads_;
};

}  // namespace chicane::explore
