#include "harness/explore/portfolio.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "harness/explore/schedulers/bytes.h"
#include "harness/explore/schedulers/dfs.h"
#include "harness/explore/schedulers/pct.h"
#include "harness/explore/schedulers/pos.h"
#include "harness/explore/schedulers/random_walk.h"
#include "harness/explore/schedulers/reads_from.h"
#include "harness/explore/schedulers/round_robin.h"

namespace chicane::explore {
namespace {

struct Turn {
  Strategy strategy;
  std::uint32_t depth = 0;
};
// Who gets which schedule, over and over. Measured alone over the known-bug programs of the tests: partial order
// sampling finds most of them soon; reads_from what lies far apart or needs many threads in one place (seven
// philosophers in 45 schedules, where others need 1,000 and more); pct what is deep in one thread; the enumeration
// nearly all that is small, within 40, for which it is cheap to try.
constexpr std::array<Turn, 16> turns{{
    {Strategy::pos},
    {Strategy::dfs},
    {Strategy::reads_from},
    {Strategy::pct, 2},
    {Strategy::reads_from},
    {Strategy::pos},
    {Strategy::dfs},
    {Strategy::reads_from},
    {Strategy::pct, 3},
    {Strategy::pos},
    {Strategy::reads_from},
    {Strategy::random},
    {Strategy::dfs},
    {Strategy::reads_from},
    {Strategy::pos},
    {Strategy::pct, 4},  // and 5, in turns
}};

// How many choices schedules have: what most of the last ones did not exceed.
class Length {
 public:
  void add(std::uint64_t choices) { last_[count_++ % last_.size()] = choices; }
  std::uint64_t expected() const {
    const std::size_t known = std::min<std::size_t>(count_, last_.size());
    if (known == 0) return 100;
    std::array<std::uint64_t, 32> sorted = last_;
    const auto quantile = sorted.begin() + static_cast<std::ptrdiff_t>(known * 3 / 4);
    std::nth_element(sorted.begin(), quantile, sorted.begin() + static_cast<std::ptrdiff_t>(known));
    return std::max<std::uint64_t>(*quantile, 1);
  }

 private:
  std::array<std::uint64_t, 32> last_{};
  std::uint64_t count_ = 0;
};

constexpr std::uint64_t dfs_trial = 32;            // schedules after which its size is estimated, and twice as many, …
constexpr std::uint64_t dfs_most_choices = 2'000;  // of schedules that are worth enumerating
constexpr std::uint32_t dfs_most_restarts = 64;
constexpr std::uint64_t all_begins = 96;               // turns with the first pass's switch points alone
constexpr std::uint64_t exhaustion_counts_after = 32;  // turns: a first look by others costs little

}  // namespace

struct Portfolio::State {
  explicit State(const SearchOptions& given) : options(given) {
    if (options.searchers == 0) options.searchers = 1;
    if (options.only == Strategy::dfs && options.dfs_bound) dfs.restart({.preemptions = options.dfs_bound});
  }
  SearchOptions options;
  RandomWalk random_walk;
  RoundRobin round_robin;
  Pos pos;
  Pct pct{3};
  ReadsFromGuided reads_from;
  Dfs dfs{{.preemptions = std::nullopt, .reduce = true}};

  // What is counted, in one piece that is saved as it stands.
  struct Counts {
    std::uint64_t turn = 0;  // of this searcher
    std::uint64_t round_robins = 0;
    std::uint64_t steps[3] = {};  // by switch points
    std::uint64_t schedules[3] = {};
    std::uint32_t most_threads = 2;
    std::uint32_t dfs_restarts = 0;
    std::uint64_t dfs_schedules = 0;  // over restarts and bounds
    bool dfs_over = false;
    Length lengths[3];
    double pct_log_missed[Pct::greatest_depth + 1] = {};
    bool running = false;
    Assignment last;
  };
  Counts counts;
  SearchConfidence said;

  std::uint64_t local_budget() const {
    if (options.searcher >= options.schedules) return 0;
    return (options.schedules - options.searcher + options.searchers - 1) / options.searchers;
  }
  bool may_enumerate() const {
    return options.searcher == 0 && !counts.dfs_over && !dfs.exhausted() && dfs.gave_up().empty() &&
           counts.lengths[static_cast<std::size_t>(options.switch_points)].expected() <= dfs_most_choices;
  }
  // It will come to an end within the budget, so the end should come soon.
  bool enumeration_is_near() const {
    const double rest = dfs.estimated_schedules() - static_cast<double>(dfs.schedules());
    return dfs.schedules() >= 16 && rest < 0.5 * static_cast<double>(local_budget() - counts.turn);
  }
  // Then it has one of three of its turns, the others are partial order sampling's.
  bool enumeration_is_large() const { return counts.dfs_schedules >= 2 * dfs_trial && !enumeration_is_near(); }
  SwitchPoints points_of_turn() const;
  Turn strategy_of_turn(SwitchPoints points) const;
  Scheduler* prepare(const Turn& turn, SwitchPoints points);
  void go_on_enumerating(const Outcome& outcome);
  void note_exhaustion();
};

SwitchPoints Portfolio::State::points_of_turn() const {
  if (!options.second_pass || options.switch_points == SwitchPoints::all) return options.switch_points;
  if (counts.turn * 3 >= local_budget() * 2) return SwitchPoints::all;
  // Before that, one in eight, as long as it takes less than a fifth of all steps.
  constexpr auto all = static_cast<std::size_t>(SwitchPoints::all);
  const auto first = static_cast<std::size_t>(options.switch_points);
  const bool cheap = counts.steps[all] * 4 <= counts.steps[first];
  return counts.turn >= all_begins && counts.turn % 8 == 5 && cheap ? SwitchPoints::all : options.switch_points;
}

Turn Portfolio::State::strategy_of_turn(SwitchPoints points) const {
  if (options.only) return {*options.only, *options.only == Strategy::pct ? options.pct_depth : 0};
  if (counts.turn == 0 && options.searcher == 0) return {Strategy::plain};
  // Searchers begin at different turns. Each cycle begins one turn on, so that the one in eight above meets them all.
  const std::uint64_t shifted = counts.turn - (options.searcher == 0 ? 1 : 0) + options.searcher * 5ULL;
  const bool first_pass = points == options.switch_points;
  if (first_pass && counts.turn >= 64 && counts.turn % 2 == 0 && may_enumerate() && enumeration_is_near())
    return {Strategy::dfs};
  Turn turn = turns[(shifted + shifted / 16) % turns.size()];
  if (turn.depth == 4 && (shifted / 16) % 2 == 1) turn.depth = 5;
  if (turn.strategy == Strategy::random && counts.round_robins < RoundRobin::longest_turn && (shifted / 16) % 2 == 1)
    return {Strategy::round_robin};
  if (turn.strategy == Strategy::dfs &&
      (!first_pass || !may_enumerate() || (enumeration_is_large() && shifted % 3 != 0)))
    return {Strategy::pos};
  return turn;
}

Scheduler* Portfolio::State::prepare(const Turn& turn, SwitchPoints points) {
  switch (turn.strategy) {
    case Strategy::plain: round_robin.set_turn(RoundRobin::for_ever); return &round_robin;
    case Strategy::round_robin: round_robin.set_turn(std::nullopt); return &round_robin;
    case Strategy::random: return &random_walk;
    case Strategy::pos: return &pos;
    case Strategy::pct:
      pct.set_depth(turn.depth);
      pct.expect(counts.lengths[static_cast<std::size_t>(points)].expected());
      return &pct;
    case Strategy::reads_from: return &reads_from;
    case Strategy::dfs: return &dfs;
  }
  return &pos;
}

Portfolio::Portfolio(const SearchOptions& options) : state_(std::make_unique<State>(options)) {}
Portfolio::~Portfolio() = default;
Portfolio::Portfolio(Portfolio&&) noexcept = default;
Portfolio& Portfolio::operator=(Portfolio&&) noexcept = default;

std::optional<Assignment> Portfolio::next() {
  State& state = *state_;
  State::Counts& counts = state.counts;
  if (counts.turn >= state.local_budget()) return std::nullopt;
  const bool only_dfs = state.options.only == Strategy::dfs;
  if (only_dfs && (state.dfs.exhausted() || !state.dfs.gave_up().empty())) return std::nullopt;
  if (state.options.stop_when_exhausted && state.said.exhausted && !state.said.exhausted->preemptions &&
      counts.turn >= exhaustion_counts_after)
    return std::nullopt;

  Assignment& next = counts.last;
  next.number = state.options.searcher + counts.turn * state.options.searchers;
  next.switch_points = only_dfs ? state.options.switch_points : state.points_of_turn();
  const Turn turn = state.strategy_of_turn(next.switch_points);
  next.strategy = turn.strategy;
  next.depth = turn.depth;
  next.seed = seed_of(state.options.seed, next.number);
  if (turn.strategy == Strategy::round_robin) next.seed = counts.round_robins++;
  next.scheduler = state.prepare(turn, next.switch_points);
  ++counts.turn;
  counts.running = true;
  return next;
}

void Portfolio::ended(const Outcome& outcome) {
  State& state = *state_;
  State::Counts& counts = state.counts;
  if (!counts.running) return;
  counts.running = false;
  const Assignment& last = counts.last;
  const auto points = static_cast<std::size_t>(last.switch_points);
  const ScheduleStatistics& statistics = outcome.statistics;

  ++state.said.schedules;
  state.said.steps += statistics.steps;
  counts.steps[points] += statistics.steps;
  ++counts.schedules[points];
  counts.most_threads = std::max(counts.most_threads, statistics.threads);
  const StrategyUse use{last.strategy, last.depth, last.switch_points, 0};
  auto used = std::ranges::find_if(state.said.strategies, [&](const StrategyUse& other) {
    return other.strategy == use.strategy && other.depth == use.depth && other.switch_points == use.switch_points;
  });
  if (used == state.said.strategies.end()) used = state.said.strategies.insert(used, use);
  ++used->schedules;

  if (last.strategy == Strategy::pct && last.switch_points == state.options.switch_points && last.depth >= 1 &&
      last.depth <= Pct::greatest_depth) {
    const double choices = static_cast<double>(counts.lengths[points].expected());
    const double chance = 1 / (counts.most_threads * std::pow(choices, last.depth - 1));
    counts.pct_log_missed[last.depth] += std::log1p(-std::min(chance, 0.999999));
  }
  if (last.strategy != Strategy::plain && last.strategy != Strategy::dfs && outcome.ending == Ending::returned)
    counts.lengths[points].add(statistics.decisions);
  state.go_on_enumerating(outcome);
}

void Portfolio::State::go_on_enumerating(const Outcome& outcome) {
  if (counts.last.strategy == Strategy::dfs) ++counts.dfs_schedules;
  // New switch points make other choices of the same schedules. Those of a pass with all of them don't count there.
  if (outcome.statistics.learned > 0 && options.switch_points == SwitchPoints::shared && dfs.schedules() > 0) {
    if (++counts.dfs_restarts > dfs_most_restarts) said.dfs_gave_up = "switch points were learned again and again";
    counts.dfs_over = counts.dfs_restarts > dfs_most_restarts;
    said.exhausted.reset();
    dfs.restart(dfs.bounds());
    return;
  }
  if (counts.last.strategy != Strategy::dfs) return;
  if (dfs.reduced() && dfs.saw_stale_reads()) {
    dfs.restart({.preemptions = std::nullopt, .reduce = false});
    return;
  }
  if (!dfs.gave_up().empty()) {
    said.dfs_gave_up = dfs.gave_up();
    return;
  }
  const bool bounded = dfs.bounds().preemptions.has_value();
  if (dfs.exhausted()) {
    note_exhaustion();
    if (bounded && dfs.bound_mattered() && !options.dfs_bound)
      dfs.restart({.preemptions = *dfs.bounds().preemptions + 1, .reduce = dfs.bounds().reduce});
    else
      counts.dfs_over = true;
    return;
  }
  // Too large without a bound: then with few preemptions, and one more each time.
  if (!bounded && !options.only && dfs.schedules() >= dfs_trial && std::has_single_bit(dfs.schedules()) &&
      dfs.estimated_schedules() > 0.5 * static_cast<double>(local_budget() - counts.turn))
    dfs.restart({.preemptions = 1, .reduce = dfs.bounds().reduce});
}

void Portfolio::State::note_exhaustion() {
  Exhaustion& exhausted = said.exhausted.emplace();
  exhausted.switch_points = options.switch_points;
  if (dfs.bound_mattered()) exhausted.preemptions = dfs.bounds().preemptions;
  exhausted.reduced = dfs.reduced();
  exhausted.spinning = dfs.spun();
  exhausted.schedules = dfs.schedules();
}

void Portfolio::lost(std::uint64_t schedules) {
  State& state = *state_;
  state.counts.turn = std::min(state.counts.turn + schedules, state.local_budget());
  state.counts.running = false;
  state.said.lost += schedules;
  // Which of them were the enumeration's is not known, nor where they went.
  if (state.dfs.schedules() > 0 && !state.counts.dfs_over) {
    state.counts.dfs_over = true;
    state.said.dfs_gave_up = "a process was lost with the schedule that it ran";
  }
}

SearchConfidence Portfolio::confidence() const {
  SearchConfidence confidence = state_->said;
  const auto points = static_cast<std::size_t>(state_->options.switch_points);
  for (const StrategyUse& use : confidence.strategies) {
    if (use.strategy != Strategy::pct || use.switch_points != state_->options.switch_points) continue;
    confidence.pct.push_back({.depth = use.depth,
                              .schedules = use.schedules,
                              .threads = state_->counts.most_threads,
                              .choices = state_->counts.lengths[points].expected(),
                              .missed_at_most = std::exp(state_->counts.pct_log_missed[use.depth])});
  }
  std::ranges::sort(confidence.pct, {}, &PctBound::depth);
  return confidence;
}

std::vector<std::byte> Portfolio::save() const {
  ByteWriter writer;
  State::Counts counts = state_->counts;
  counts.last.scheduler = nullptr;
  writer.value(counts);
  const SearchConfidence& said = state_->said;
  writer.value(said.schedules);
  writer.value(said.steps);
  writer.value(said.lost);
  writer.list(std::span<const StrategyUse>(said.strategies));
  writer.value(said.exhausted.has_value());
  writer.value(said.exhausted.value_or(Exhaustion{}));
  writer.text(said.dfs_gave_up);
  const std::vector<std::byte> dfs = state_->dfs.save();
  writer.list(std::span<const std::byte>(dfs));
  const std::vector<std::byte> reads_from = state_->reads_from.save();
  writer.list(std::span<const std::byte>(reads_from));
  return writer.take();
}

bool Portfolio::load(std::span<const std::byte> saved) {
  ByteReader reader(saved);
  State::Counts counts;
  SearchConfidence said;
  bool has_exhausted = false;
  Exhaustion exhausted;
  std::vector<std::byte> dfs;
  std::vector<std::byte> reads_from;
  reader.value(counts);
  reader.value(said.schedules);
  reader.value(said.steps);
  reader.value(said.lost);
  reader.list(said.strategies);
  reader.value(has_exhausted);
  reader.value(exhausted);
  reader.text(said.dfs_gave_up);
  reader.list(dfs);
  reader.list(reads_from);
  if (!reader.complete()) return false;
  State& state = *state_;
  Dfs loaded_dfs(state.dfs.bounds());
  ReadsFromGuided loaded_reads_from;
  if (!loaded_dfs.load(dfs) || !loaded_reads_from.load(reads_from)) return false;
  if (has_exhausted) said.exhausted = exhausted;
  state.counts = counts;
  state.said = std::move(said);
  state.dfs = std::move(loaded_dfs);
  state.reads_from = std::move(loaded_reads_from);
  return true;
}

}  // namespace chicane::explore
