#include "harness/explore/schedulers/forced.h"

#include <algorithm>

namespace chicane::explore {

std::vector<Forced> forced_in(const Decisions& decisions, const Trace& trace) {
  std::vector<Forced> forced;
  struct Counts {
    std::uint32_t steps = 0;
    std::array<std::uint32_t, Spelling<DecisionKind>::names.size()> choices{};
  };
  ByThread<Counts> threads;
  ThreadId last = no_thread;
  std::size_t at = 0;
  const auto until = [&](std::size_t end, ThreadId next) {
    for (; at < end && at < decisions.size(); ++at) {
      const Decision& decision = decisions[at];
      if (decision.kind == DecisionKind::thread) {
        const std::uint32_t after = last == no_thread ? 0 : threads[last].steps;
        if (decision.chosen != 0) forced.push_back({decision.kind, last, after, next, decision.chosen});
      } else {
        const ThreadId asking = next == no_thread ? last : next;
        if (asking == no_thread) continue;
        const std::uint32_t after = threads[asking].choices[static_cast<std::size_t>(decision.kind)]++;
        if (decision.chosen != 0) forced.push_back({decision.kind, asking, after, no_thread, decision.chosen});
      }
    }
  };
  for (const Step& step : trace) {
    until(step.decision, step.thread);
    ++threads[step.thread].steps;
    last = step.thread;
  }
  until(decisions.size(), no_thread);  // of a step that did not come to an end
  return forced;
}

void ForcedScheduler::begin(std::uint64_t) { threads_.reset(); }

void ForcedScheduler::performed(ThreadId thread, const Operation&) { ++threads_[thread].steps; }

std::uint32_t ForcedScheduler::pick_thread(const ThreadChoice& choice) {
  const std::uint32_t after = choice.last == no_thread ? 0 : threads_[choice.last].steps;
  for (const Forced& forced : forced_) {
    if (forced.kind != DecisionKind::thread || forced.thread != choice.last || forced.after != after) continue;
    if (forced.to == no_thread) return forced.chosen < choice.enabled.size() ? forced.chosen : 0;
    const auto to = std::ranges::find(choice.enabled, forced.to, &Pending::thread);
    if (to != choice.enabled.end()) return static_cast<std::uint32_t>(to - choice.enabled.begin());
  }
  return 0;
}

std::uint32_t ForcedScheduler::pick_other(const OtherChoice& choice) {
  const std::uint32_t after = threads_[choice.thread].choices[static_cast<std::size_t>(choice.kind)]++;
  for (const Forced& forced : forced_)
    if (forced.kind == choice.kind && forced.thread == choice.thread && forced.after == after &&
        forced.chosen < choice.alternatives)
      return forced.chosen;
  return 0;
}

}  // namespace chicane::explore
