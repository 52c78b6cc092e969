#include "harness/explore/shrink.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <utility>

#include "harness/explore/schedulers/forced.h"
#include "harness/explore/schedulers/random.h"

namespace chicane::explore {
namespace {

class Stream : public Scheduler {  // the failing one, as it was
 public:
  explicit Stream(const Decisions& decisions) : decisions_(decisions) {}
  void begin(std::uint64_t) override { at_ = 0; }
  std::uint32_t pick_thread(const ThreadChoice& choice) override {
    return next(DecisionKind::thread, static_cast<std::uint32_t>(choice.enabled.size()));
  }
  std::uint32_t pick_other(const OtherChoice& choice) override { return next(choice.kind, choice.alternatives); }
  Wants wants() const override { return {.performed = false, .reads_from = false}; }

 private:
  std::uint32_t next(DecisionKind kind, std::uint32_t alternatives) {
    if (at_ >= decisions_.size()) return 0;
    const Decision& decision = decisions_[at_++];
    return decision.kind == kind && decision.chosen < alternatives ? decision.chosen : 0;
  }
  const Decisions& decisions_;
  std::size_t at_ = 0;
};

// The plain course of things, but for a few choices anywhere: at random, each schedule at others.
class FewForced : public Scheduler {
 public:
  FewForced(std::size_t forced, std::size_t choices)
      : at_(forced), choices_(static_cast<std::uint32_t>(std::max<std::size_t>(choices, 1))) {}
  void set_seed(std::uint64_t seed) { seed_ = seed; }
  void begin(std::uint64_t) override {
    random_ = Random(seed_);
    for (auto& at : at_) at = random_.below(choices_);
    std::ranges::sort(at_);
    made_ = next_ = 0;
  }
  std::uint32_t pick_thread(const ThreadChoice& choice) override {
    return pick(static_cast<std::uint32_t>(choice.enabled.size()));
  }
  std::uint32_t pick_other(const OtherChoice& choice) override { return pick(choice.alternatives); }
  Wants wants() const override { return {.performed = false, .reads_from = false}; }

 private:
  std::uint32_t pick(std::uint32_t alternatives) {
    if (next_ == at_.size() || made_++ < at_[next_] || alternatives < 2) return 0;
    ++next_;
    return 1 + random_.below(alternatives - 1);
  }
  std::vector<std::uint32_t> at_;  // before how many choices
  std::uint32_t choices_;
  std::uint64_t seed_ = 0;
  std::uint32_t made_ = 0;
  std::size_t next_ = 0;
  Random random_;
};

std::uint64_t forced_count(const Decisions& decisions) {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(decisions, [](const Decision& decision) { return decision.chosen != 0; }));
}
std::uint64_t switch_count(const Trace& trace) {
  return static_cast<std::uint64_t>(std::ranges::count_if(trace, [](const Step& step) { return step.switched; }));
}
// Forced choices that do more than to let the same thread go on although it spins or yields.
std::uint64_t forced_switch_count(const Attempt& attempt) {
  std::uint64_t count = forced_count(attempt.decisions);
  std::size_t at = 0;
  for (const Step& step : attempt.trace)
    for (; at < step.decision && at < attempt.decisions.size(); ++at)
      if (attempt.decisions[at].kind == DecisionKind::thread && attempt.decisions[at].chosen != 0 && !step.switched)
        --count;
  return count;
}
// Smaller is better: fewer forced switches, then fewer forced choices, fewer context switches, less to read.
auto cost(const Attempt& attempt) {
  return std::tuple(forced_switch_count(attempt), forced_count(attempt.decisions), switch_count(attempt.trace),
                    attempt.trace.size());
}

class Shrinking {
 public:
  Shrinking(const TryOut& try_out, const ShrinkLimits& limits) : try_out_(try_out), limits_(limits) {}

  bool start(const Decisions& failing) {
    Stream stream(failing);
    ++attempts_;
    return take(try_out_({once(stream), [](const Attempt&) { return true; }}));
  }
  void run() {
    if (forced_.empty() || attempt({})) return;
    look_for_another();
    while (!spent()) {
      remove_chunks();
      if (forced_.size() > 1 && (from_scratch() || two_become_one())) continue;
      if (!move_to_fewer_switches()) break;
    }
  }
  const Attempt& best() const { return best_; }
  std::uint64_t attempts() const { return attempts_; }
  bool spent() const { return attempts_ >= limits_.attempts; }

 private:
  static constexpr std::uint64_t most_comparisons = 4'000'000;  // of steps, when candidates are made

  static constexpr std::size_t most_in_one = 10'000;  // schedules in one call

  static std::function<Scheduler*()> once(Scheduler& scheduler) {
    return [next = &scheduler]() mutable { return std::exchange(next, nullptr); };
  }

  using NextForced = std::function<std::optional<std::vector<Forced>>()>;

  bool better(const Attempt& attempt) const { return cost(attempt) < cost(best_); }
  // The best from now on; false: there is none that is better.
  bool take(Attempt done) {
    if (!done.same) return false;
    best_ = std::move(done);
    forced_ = forced_in(best_.decisions, best_.trace);  // some of what was asked for may not have come up any more
    return true;
  }
  bool take_better(const std::function<Scheduler*()>& next) {
    if (spent()) return false;
    ++attempts_;
    return take(try_out_({next, [this](const Attempt& attempt) { return better(attempt); }}));
  }
  // Takes the first that is better.
  bool take_better_of(const NextForced& next) {
    std::optional<ForcedScheduler> scheduler;
    return take_better([&]() -> Scheduler* {
      auto forced = next();
      return forced ? &scheduler.emplace(std::move(*forced)) : nullptr;
    });
  }
  bool attempt(std::vector<Forced> forced) {
    ForcedScheduler scheduler(std::move(forced));
    return take_better(once(scheduler));
  }

  // What a search comes upon has as many switches as its strategy makes, and taking them away one by one may end a long
  // way round. So the same is looked for with few of them, the fewest first.
  void look_for_another() {
    constexpr std::array<std::uint64_t, 3> schedules{1'000, 5'000, 10'000};  // with 1, 2 and 3 forced choices
    for (std::size_t count = 1; count <= schedules.size() && count < forced_.size(); ++count) {
      FewForced few(count, best_.decisions.size());
      std::uint64_t seed = 0;
      const bool found = take_better([&]() -> Scheduler* {
        if (seed == schedules[count - 1]) return nullptr;
        few.set_seed(seed_of(count, ++seed));
        return &few;
      });
      if (found) return;
    }
  }

  std::vector<Forced> without(std::size_t first, std::size_t count) const {
    std::vector<Forced> rest = forced_;
    const auto at = rest.begin() + static_cast<std::ptrdiff_t>(first);
    rest.erase(at, at + static_cast<std::ptrdiff_t>(std::min(count, rest.size() - first)));
    return rest;
  }
  // Zeller, Hildebrandt: Simplifying and isolating failure-inducing input, 2002; down to single ones.
  void remove_chunks() {
    for (std::size_t chunk = std::max<std::size_t>(forced_.size() / 2, 1); !spent();) {
      bool removed = false;
      for (std::size_t first = 0; first < forced_.size() && !spent();) {
        if (attempt(without(first, chunk)))
          removed = true;
        else
          first += chunk;
      }
      if (chunk == 1 && !removed) return;
      if (!removed || chunk > forced_.size()) chunk = std::max<std::size_t>(chunk / 2, 1);
    }
  }
  // Where a switch can matter: before a step that another thread's step conflicts with, to that thread. First where it
  // did: to the one whose conflicting step came before, then all others.
  std::vector<Forced> candidates() const {
    std::vector<Forced> found, others;
    std::vector<std::uint32_t> own(1);
    const Trace& trace = best_.trace;
    std::uint64_t comparisons = 0;  // a schedule without end may have 100,000 steps
    for (std::size_t i = 0; i < trace.size(); ++i) {
      const ThreadId thread = trace[i].thread;
      if (thread >= own.size()) own.resize(thread + 1);
      const std::uint32_t before = own[thread]++;
      std::vector<ThreadId> seen;
      for (std::size_t n = 1; n <= trace.size() && others.size() < limits_.attempts; ++n) {
        if (++comparisons > most_comparisons) break;
        const Step& other = trace[(i + trace.size() - n) % trace.size()];  // backwards, then from the end
        if (other.thread == thread || !conflict(other.operation, trace[i].operation) ||
            std::ranges::find(seen, other.thread) != seen.end())
          continue;
        const bool came_before = seen.empty() && n <= i;
        (came_before ? found : others).push_back({DecisionKind::thread, thread, before, other.thread, 0});
        seen.push_back(other.thread);
      }
    }
    found.insert(found.end(), others.begin(), others.end());
    // What a thread was about to do at the end, it did not do; whom it would have met is not known.
    for (ThreadId thread = 0; thread < own.size(); ++thread)
      for (ThreadId other = 0; other < own.size() && found.size() < limits_.attempts; ++other)
        if (other != thread) found.push_back({DecisionKind::thread, thread, own[thread], other, 0});
    return found;
  }
  // What was found by chance may be a long way round that no single change makes shorter: tries all schedules with so
  // few forced switches that there are not too many of them.
  bool from_scratch() {
    const std::vector<Forced> switches = candidates();
    for (std::size_t count = 1; count < forced_.size() && count <= std::min<std::size_t>(3, switches.size()); ++count) {
      std::vector<std::size_t> chosen(count);
      for (std::size_t i = 0; i < count; ++i) chosen[i] = i;
      bool no_more = false;
      std::size_t made = 0;
      const bool found = take_better_of([&]() -> std::optional<std::vector<Forced>> {
        if (no_more || made++ == most_in_one) return std::nullopt;
        std::vector<Forced> some;
        for (const std::size_t i : chosen) some.push_back(switches[i]);
        std::size_t raised = count;  // the next combination: the last of them that can go further does
        while (raised > 0 && chosen[raised - 1] + (count - raised) + 1 >= switches.size()) --raised;
        no_more = raised == 0;
        if (no_more) return some;
        ++chosen[raised - 1];
        for (std::size_t i = raised; i < count; ++i) chosen[i] = chosen[i - 1] + 1;
        return some;
      });
      if (found) return true;
    }
    return false;
  }
  bool two_become_one() {
    const std::vector<Forced> switches = candidates();
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    for (std::size_t first = 0; first + 1 < forced_.size(); ++first)
      for (std::size_t second = first + 1; second < forced_.size(); ++second) pairs.emplace_back(first, second);
    std::size_t at = 0;
    return take_better_of([&]() -> std::optional<std::vector<Forced>> {
      if (at == std::min(pairs.size() * switches.size(), most_in_one)) return std::nullopt;
      const auto [first, second] = pairs[at / switches.size()];
      std::vector<Forced> merged = forced_;
      merged.erase(merged.begin() + static_cast<std::ptrdiff_t>(second));
      merged[first] = switches[at++ % switches.size()];
      return merged;
    });
  }
  // One forced switch at another place, or to another thread, may save a switch that nobody forced.
  bool move_to_fewer_switches() {
    const std::vector<Forced> switches = candidates();
    std::size_t at = 0;
    return take_better_of([&]() -> std::optional<std::vector<Forced>> {
      if (at == std::min(forced_.size() * switches.size(), most_in_one)) return std::nullopt;
      std::vector<Forced> moved = forced_;
      moved[at / switches.size()] = switches[at % switches.size()];
      ++at;
      return moved;
    });
  }

  const TryOut& try_out_;
  const ShrinkLimits& limits_;
  Attempt best_;
  std::vector<Forced> forced_;
  std::uint64_t attempts_ = 0;
};

}  // namespace

Shrunk shrink(const Decisions& failing, const TryOut& try_out, const ShrinkLimits& limits) {
  Shrinking shrinking(try_out, limits);
  Shrunk shrunk;
  shrunk.decisions = failing;
  shrunk.forced_before = shrunk.forced_after = forced_count(failing);
  shrunk.reproduced = shrinking.start(failing);
  if (shrunk.reproduced) {
    shrunk.switches_before = switch_count(shrinking.best().trace);
    shrinking.run();
    shrunk.decisions = shrinking.best().decisions;
    shrunk.forced_after = forced_count(shrunk.decisions);
    shrunk.switches_after = switch_count(shrinking.best().trace);
    shrunk.limit_reached = shrinking.spent();
  }
  shrunk.attempts = shrinking.attempts();
  return shrunk;
}

}  // namespace chicane::explore
