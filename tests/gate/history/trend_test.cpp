#include "harness/gate/history/trend.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "tests/statistics/simulated.h"

namespace chicane {
namespace {

HistorySeries series_of(const std::vector<double>& values, const std::string& measure = "wall_ns_per_operation") {
  HistorySeries series;
  series.scenario = "counter/locked";
  series.measure = measure;
  for (const double value : values) series.points.push_back({"", "", "", {value, {}, {}, 12}, true});
  return series;
}

// `runs` values about each level, with noise of 1 %.
std::vector<double> levels(const std::vector<double>& around, std::size_t runs, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 0.01);
  std::vector<double> values;
  for (const double level : around)
    for (std::size_t i = 0; i < runs; ++i) values.push_back(level * std::exp(noise(random)));
  return values;
}

TEST(Trend, NamesTheLevelsOfAChangeInTheMeasuresUnit) {
  const auto changes = changes_of(series_of(levels({20, 23}, 20)));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].at, 20U);
  EXPECT_NEAR(changes[0].before, 20, 0.2);
  EXPECT_NEAR(changes[0].after, 23, 0.2);
}

TEST(Trend, MayLookAtTheNewestRunsAlone) {
  const auto series = series_of(levels({20, 25, 30}, 30));
  EXPECT_EQ(changes_of(series).size(), 2U);
  const auto changes = changes_of(series, 0.005, 50);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].at, 60U) << "of the whole series";
  EXPECT_NEAR(changes[0].before, 25, 0.3);
}

TEST(Trend, LooksForNothingInFewRuns) { EXPECT_TRUE(changes_of(series_of({1, 1, 1, 1, 9, 9, 9, 9, 9})).empty()); }

TEST(Trend, TakesValuesThatHaveNoLogarithmAsTheyAre) {
  std::vector<double> faults(20, 0);
  for (int i = 0; i < 20; ++i) faults.push_back(5);
  const auto changes = changes_of(series_of(faults, "major_faults"));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].before, 0);
  EXPECT_EQ(changes[0].after, 5);
}

TEST(HistoryCheck, ReportsANewSlowdownBeyondTheMargin) {
  const std::vector all{series_of(levels({20, 20.2, 20}, 20)), series_of(levels({20, 24}, 20)),
                        series_of(levels({20, 30}, 15))};
  const auto result = check_history(all, {});
  EXPECT_EQ(result.checked, 3U);
  ASSERT_EQ(result.slowdowns.size(), 2U);
  EXPECT_EQ(result.slowdowns[0].series, 2U) << "the worst first";
  EXPECT_NEAR(result.slowdowns[0].ratio, 1.5, 0.03);
  EXPECT_EQ(result.slowdowns[1].series, 1U);
  EXPECT_EQ(result.slowdowns[1].change.at, 20U);
}

TEST(HistoryCheck, PassesASlowdownWithinTheMarginAnOldOneAndOneThatWasMended) {
  const std::vector all{series_of(levels({20, 20.8}, 20)), series_of(levels({20, 24, 24}, 20)),
                        series_of(levels({20, 24, 20}, 15)), series_of(levels({24, 20}, 15))};
  EXPECT_TRUE(check_history(all, {}).slowdowns.empty());
  EXPECT_EQ(check_history(all, {.margin = 0.02}).slowdowns.size(), 1U) << "the first";
  EXPECT_EQ(check_history(all, {.within = 40}).slowdowns.size(), 1U) << "the second";
}

TEST(HistoryCheck, KnowsWhereMoreIsBetter) {
  const std::vector all{series_of(levels({20, 24}, 15), "operations_per_second"),
                        series_of(levels({24, 20}, 15), "operations_per_second")};
  const auto result = check_history(all, {});
  ASSERT_EQ(result.slowdowns.size(), 1U);
  EXPECT_EQ(result.slowdowns[0].series, 1U);
  EXPECT_NEAR(result.slowdowns[0].ratio, 1.2, 0.02);
}

TEST(HistoryCheck, SaysWhatItLeftOut) {
  auto wrong = series_of(levels({20, 30}, 15));
  wrong.points.back().right = false;
  const std::vector all{series_of(levels({20}, 9)), wrong, series_of(std::vector<double>(12, 0))};
  const auto result = check_history(all, {});
  EXPECT_EQ(result.checked, 0U);
  EXPECT_EQ(result.too_short, 1U);
  EXPECT_EQ(result.not_right, 1U);
  EXPECT_EQ(result.unfit, 1U);
  EXPECT_TRUE(result.slowdowns.empty());
}

TEST(HistoryCheck, OfManySeriesWithoutChangeIsSilent) {
  // 200 checks of 20 series each; with 0.5 % for each series alone every tenth check would see a change. The margin is
  // taken away here.
  std::vector<HistorySeries> all;
  int alarms = 0;
  for (int check = 0; check < simulations(200); ++check) {
    all.clear();
    for (unsigned i = 0; i < 20; ++i) all.push_back(series_of(levels({20}, 40, static_cast<unsigned>(check) * 20 + i)));
    alarms += !check_history(all, {.margin = 0, .within = 40}).slowdowns.empty();
  }
  EXPECT_LE(alarms, 3) << "1 % of 200 are 2, of which only half are slowdowns";
}

TEST(HistoryCheck, OfManySeriesStillFindsOne) {
  std::vector<HistorySeries> all;
  for (unsigned i = 0; i < 60; ++i) all.push_back(series_of(levels({20}, 30, i)));
  all.push_back(series_of(levels({20, 22}, 15, 99)));
  const auto result = check_history(all, {});
  ASSERT_EQ(result.slowdowns.size(), 1U);
  EXPECT_EQ(result.slowdowns[0].series, 60U);
  EXPECT_NEAR(result.significance, 0.01 / 61, 1e-9);
}

}  // namespace
}  // namespace chicane
