// The default search: which strategy makes which schedule, and what that proves. Deterministic: the same options and
// outcomes give the same schedules.
//
//   Portfolio portfolio(options);
//   while (const auto next = portfolio.next()) {
//     Outcome outcome = run_schedule(body, *next->scheduler, next->seed, options with next->switch_points, …);
//     portfolio.ended(outcome);
//   }
//
// Where schedules run in other processes than the one that goes on: the child gets the portfolio by fork, calls next()
// and ended() as above, and sends save() before it ends (after each schedule, or after a batch); the parent load()s it.
// A child that dies without that: lost(), with how many schedules it had begun since. N searchers: N portfolios that
// differ in Options::searcher, each with a SharedLocations of its own; add up what they say with total().
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/explore/explore.h"
#include "harness/model/words.h"

namespace chicane::explore {

enum class Strategy : std::uint8_t { plain, round_robin, random, pos, pct, reads_from, dfs };

struct SearchOptions {
  std::uint64_t seed = 1;
  std::uint64_t schedules = 10'000;  // of all searchers together
  std::uint32_t searcher = 0;        // below searchers
  std::uint32_t searchers = 1;
  MemoryModel memory_model = MemoryModel::sc;
  SwitchPoints switch_points = SwitchPoints::shared;
  bool second_pass = true;  // the last third, and some before, with switch points at all accesses
  // Stop as soon as every schedule has been made (small tests). Off: go on, in case the reduction is wrong.
  bool stop_when_exhausted = true;
  std::optional<Strategy> only = std::nullopt;            // this strategy alone
  std::uint32_t pct_depth = 3;                            // with only = pct
  std::optional<std::uint32_t> dfs_bound = std::nullopt;  // with only = dfs: this many preemptions; none: without bound
};

struct Assignment {
  std::uint64_t number = 0;  // of the schedule, among all searchers', from 0
  Strategy strategy = Strategy::pos;
  std::uint32_t depth = 0;  // pct
  SwitchPoints switch_points = SwitchPoints::shared;
  std::uint64_t seed = 0;
  Scheduler* scheduler = nullptr;  // the portfolio's
};

struct StrategyUse {
  Strategy strategy = Strategy::pos;
  std::uint32_t depth = 0;  // pct
  SwitchPoints switch_points = SwitchPoints::shared;
  std::uint64_t schedules = 0;
  bool operator==(const StrategyUse&) const = default;
};

struct PctBound {  // a bug of this depth is missed with at most this probability, by PCT's part alone
  std::uint32_t depth = 0;
  std::uint64_t schedules = 0;
  std::uint32_t threads = 0;  // n
  std::uint64_t choices = 0;  // k
  double missed_at_most = 1;
  bool operator==(const PctBound&) const = default;
};

struct Exhaustion {  // all schedules with switches at these points were made
  SwitchPoints switch_points = SwitchPoints::shared;
  std::optional<std::uint32_t> preemptions;  // … with at most so many preemptions, early timeouts, stale reads, …
  bool reduced = false;                      // one for each order of operations that matter to each other
  bool spinning = false;  // threads that spin were passed over until another had done something that may matter
  std::uint64_t schedules = 0;
  bool operator==(const Exhaustion&) const = default;
};

struct SearchConfidence {
  std::uint64_t schedules = 0;
  std::uint64_t steps = 0;
  std::uint64_t lost = 0;  // begun, and their process was gone
  std::vector<StrategyUse> strategies;
  std::vector<PctBound> pct;
  std::optional<Exhaustion> exhausted;
  std::string dfs_gave_up;  // why there is no exhaustion where it was tried; empty: it wasn't, or goes on
  bool operator==(const SearchConfidence&) const = default;
};
SearchConfidence total(std::span<const SearchConfidence> searchers);
std::string in_words(const SearchConfidence& confidence);  // one sentence or two, English

class Portfolio {
 public:
  explicit Portfolio(const SearchOptions& options);
  ~Portfolio();
  Portfolio(Portfolio&&) noexcept;
  Portfolio& operator=(Portfolio&&) noexcept;

  std::optional<Assignment> next();  // none: the budget is spent, or there is nothing left to try
  void ended(const Outcome& outcome);
  void lost(std::uint64_t schedules);
  SearchConfidence confidence() const;

  // All that was learned and counted, for another Portfolio with the same options in another process of this program.
  std::vector<std::byte> save() const;
  bool load(std::span<const std::byte> saved);  // false: not from save(), and nothing has changed

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace chicane::explore

template <>
struct chicane::Spelling<chicane::explore::Strategy> {
  static constexpr std::array<std::string_view, 7> names{"plain", "round_robin", "random", "pos",
                                                         "pct",   "reads_from",  "dfs"};
};
