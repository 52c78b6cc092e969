#include "harness/explore/schedulers/forced.h"

#include <algorithm>
#include <tuple>

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

namespace {
auto place(const Forced& forced) { return std::tuple(forced.kind, forced.thread, forced.after); }
}  // namespace

ForcedScheduler::ForcedScheduler(std::vector<Forced> forced) {
  std::vector<std::size_t> order(forced.size());  // std::stable_sort warns with this library and compiler
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::tuple(place(forced[i]), i); });
  for (const std::size_t i : order) forced_.push_back(forced[i]);
}

std::span<const Forced> ForcedScheduler::at(DecisionKind kind, ThreadId thread, std::uint32_t after) const {
  return std::ranges::equal_range(forced_, std::tuple(kind, thread, after), {}, place);
}

void ForcedScheduler::begin(std::uint64_t) { threads_.reset(); }

void ForcedScheduler::performed(ThreadId thread, const Operation&) { ++threads_[thread].steps; }

std::uint32_t ForcedScheduler::pick_thread(const ThreadChoice& choice) {
  const std::uint32_t after = choice.last == no_thread ? 0 : threads_[choice.last].steps;
  for (const Forced& forced : at(DecisionKind::thread, choice.last, after)) {
    if (forced.to == no_thread) return forced.chosen < choice.enabled.size() ? forced.chosen : 0;
    const auto to = std::ranges::find(choice.enabled, forced.to, &Pending::thread);
    if (to != choice.enabled.end()) return static_cast<std::uint32_t>(to - choice.enabled.begin());
  }
  return 0;
}

std::uint32_t ForcedScheduler::pick_other(const OtherChoice& choice) {
  const std::uint32_t after = threads_[choice.thread].choices[static_cast<std::size_t>(choice.kind)]++;
  for (const Forced& forced : at(choice.kind, choice.thread, after))
    if (forced.chosen < choice.alternatives) return forced.chosen;
  return 0;
}

}  // namespace chicane::explore
