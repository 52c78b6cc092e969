#include <cmath>

#include <gtest/gtest.h>

#include "tests/explore/schedulers/searching.h"

namespace chicane::explore::simulated {
namespace {

TEST(Portfolio, FindsKnownBugsWithinFewSchedules) {
  EXPECT_LE(median_of_20(lost_update), 10U);
  EXPECT_LE(median_of_20(atomic_load_store), 10U);
  EXPECT_LE(median_of_20(lock_order), 10U);
  EXPECT_LE(median_of_20(wait_with_if), 50U);
  EXPECT_LE(median_of_20(double_checked), 20U);
  EXPECT_LE(median_of_20(treiber_aba), 200U);
  EXPECT_LE(median_of_20(philosophers), 50U);
  EXPECT_LE(median_of_20(three_preemptions), 200U);
  EXPECT_LE(median_of_20(deep_pct(50)), 100U);
}

TEST(Portfolio, FindsStaleReadsOfTheRelaxedModel) {
  EXPECT_LE(median_of_20(peterson_relaxed, {.memory_model = MemoryModel::relaxed}, {.relaxed = true}), 50U);
}

TEST(Portfolio, FindsWhatIsRareAmongManyThreads) {
  for (const int setters : {3, 5, 10, 20}) EXPECT_LE(median_of_20(reorder(setters)), 100U) << setters;
}

TEST(Portfolio, RaisesNoFalseAlarm) {
  for (const Program& program :
       {Program(counted_right), Program(lock_order_fixed), Program(wait_with_while), Program(peterson),
        Program(philosophers_fixed), Program(spin_on_flag), Program(spinners), Program(yielding_wait)}) {
    Portfolio portfolio({.schedules = 2'000, .stop_when_exhausted = false});
    EXPECT_FALSE(search(program, portfolio));
    EXPECT_EQ(portfolio.confidence().schedules, 2'000U);
  }
}

TEST(Portfolio, SaysWhenASmallProgramIsExhaustedAndStopsThere) {
  for (const Program& program : {Program(counted_right), Program(wait_with_while), Program(peterson)}) {
    Portfolio portfolio({.schedules = 10'000});
    EXPECT_FALSE(search(program, portfolio));
    const SearchConfidence said = portfolio.confidence();
    ASSERT_TRUE(said.exhausted);
    EXPECT_FALSE(said.exhausted->preemptions);
    EXPECT_LT(said.schedules, 1'000U);
    EXPECT_NE(in_words(said).find("exhausted"), std::string::npos);
  }
}

TEST(Portfolio, SaysThePreemptionBoundWhereThereIsTooMuchForMore) {
  Portfolio portfolio({.schedules = 4'000});
  EXPECT_FALSE(search(increments(3, 6), portfolio));
  const SearchConfidence said = portfolio.confidence();
  ASSERT_TRUE(said.exhausted);
  ASSERT_TRUE(said.exhausted->preemptions);
  EXPECT_GE(*said.exhausted->preemptions, 1U);
  EXPECT_NE(in_words(said).find("exhausted within "), std::string::npos) << in_words(said);
}

TEST(Portfolio, SaysThatSpinningWasCut) {
  Portfolio portfolio({.schedules = 10'000});
  EXPECT_FALSE(search(yielding_wait, portfolio));
  ASSERT_TRUE(portfolio.confidence().exhausted);
  EXPECT_TRUE(portfolio.confidence().exhausted->spinning);
}

TEST(Portfolio, StatesTheBoundOfPct) {
  Portfolio portfolio({.schedules = 5'000, .stop_when_exhausted = false});
  EXPECT_FALSE(search(increments(3, 6), portfolio));
  const SearchConfidence said = portfolio.confidence();
  ASSERT_EQ(said.pct.size(), 4U);
  EXPECT_EQ(said.pct[0].depth, 2U);
  EXPECT_EQ(said.pct[0].threads, 3U);
  EXPECT_GE(said.pct[0].choices, 12U);
  EXPECT_LE(said.pct[0].choices, 21U);
  const double each = 1.0 / (3.0 * 21.0);  // the weakest that it can be
  EXPECT_LE(said.pct[0].missed_at_most, std::pow(1 - each, said.pct[0].schedules));
  EXPECT_GT(said.pct[3].missed_at_most, said.pct[0].missed_at_most);
}

TEST(Portfolio, MakesTheSameSchedulesFromTheSameSeed) {
  const auto streams = [](std::uint64_t seed) {
    std::vector<Decisions> streams;
    Portfolio portfolio({.seed = seed, .schedules = 300, .stop_when_exhausted = false});
    while (const auto next = portfolio.next()) {
      Ran ran = run(wait_with_while, *next->scheduler, next->seed);
      portfolio.ended(ran.outcome);
      streams.push_back(ran.decisions);
    }
    return streams;
  };
  EXPECT_EQ(streams(7), streams(7));
  EXPECT_NE(streams(7), streams(8));
}

TEST(Portfolio, GoesOnInAnotherProcessFromWhatWasSaved) {
  const SearchOptions options{.seed = 3, .schedules = 400, .stop_when_exhausted = false};
  const auto streams = [&](std::uint64_t hand_over_every) {
    std::vector<Decisions> streams;
    Portfolio portfolio(options);
    while (const auto next = portfolio.next()) {
      Ran ran = run(wait_with_while, *next->scheduler, next->seed);
      portfolio.ended(ran.outcome);
      streams.push_back(ran.decisions);
      if (streams.size() % hand_over_every != 0) continue;
      const auto saved = portfolio.save();
      portfolio = Portfolio(options);
      EXPECT_TRUE(portfolio.load(saved));
    }
    return streams;
  };
  EXPECT_EQ(streams(1'000), streams(1));
  Portfolio portfolio(options);
  auto saved = portfolio.save();
  saved.pop_back();
  EXPECT_FALSE(portfolio.load(saved));
}

TEST(Portfolio, SplitsItsBudgetOverSearchers) {
  std::vector<SearchConfidence> said;
  std::vector<std::uint64_t> numbers;
  for (std::uint32_t searcher = 0; searcher < 3; ++searcher) {
    Portfolio portfolio({.schedules = 100, .searcher = searcher, .searchers = 3});
    while (const auto next = portfolio.next()) {
      numbers.push_back(next->number);
      portfolio.ended(run(increments(3, 6), *next->scheduler, next->seed).outcome);
    }
    said.push_back(portfolio.confidence());
  }
  std::ranges::sort(numbers);
  ASSERT_EQ(numbers.size(), 100U);
  for (std::uint64_t i = 0; i < 100; ++i) EXPECT_EQ(numbers[i], i);
  EXPECT_EQ(total(said).schedules, 100U);
}

TEST(Portfolio, CountsWhatWasLostAndGivesUpItsEnumeration) {
  Portfolio portfolio({.schedules = 500, .stop_when_exhausted = false});
  for (int i = 0; i < 50; ++i) portfolio.ended(run(counted_right, *portfolio.next()->scheduler, 1).outcome);
  (void)portfolio.next();
  portfolio.lost(1);
  while (const auto next = portfolio.next()) portfolio.ended(run(counted_right, *next->scheduler, next->seed).outcome);
  EXPECT_EQ(portfolio.confidence().lost, 1U);
  EXPECT_FALSE(portfolio.confidence().exhausted);
  EXPECT_FALSE(portfolio.confidence().dfs_gave_up.empty());
}

TEST(Portfolio, UsesOneStrategyAloneWhereAsked) {
  Portfolio portfolio({.schedules = 50, .only = Strategy::pct, .pct_depth = 4});
  while (const auto next = portfolio.next()) {
    EXPECT_EQ(next->strategy, Strategy::pct);
    EXPECT_EQ(next->depth, 4U);
    portfolio.ended(run(increments(2, 3), *next->scheduler, next->seed).outcome);
  }
}

TEST(Portfolio, EndsWithAllAccessesAsSwitchPoints) {
  Portfolio portfolio({.schedules = 900, .stop_when_exhausted = false});
  std::vector<SwitchPoints> points;
  while (const auto next = portfolio.next()) {
    points.push_back(next->switch_points);
    portfolio.ended(run(increments(3, 6), *next->scheduler, next->seed).outcome);
  }
  EXPECT_TRUE(std::all_of(points.begin(), points.begin() + 90, [](auto p) { return p == SwitchPoints::shared; }));
  EXPECT_TRUE(std::all_of(points.begin() + 600, points.end(), [](auto p) { return p == SwitchPoints::all; }));
}

}  // namespace
}  // namespace chicane::explore::simulated
