#include "harness/statistics/change_points.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include <gtest/gtest.h>

#include "tests/statistics/simulated.h"

namespace chicane {
namespace {

std::vector<double> joined(std::vector<double> a, const std::vector<double>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(ChangePoints, OfASeriesTooShortToBeSplitAreNone) {
  EXPECT_TRUE(change_points({}).empty());
  EXPECT_TRUE(change_points(std::vector<double>{1, 1, 1, 1, 9, 9, 9, 9, 9}).empty()) << "nine, and five a side needed";
  EXPECT_TRUE(change_points(std::vector<double>(50, 2.0)).empty());
}

TEST(ChangePoints, AreWhereTheLevelChanges) {
  SimulatedNoise noise(NoiseShape::normal, 1);
  const auto series =
      joined(joined(noise.values(40, 0, 0.03), noise.values(30, 0.3, 0.03)), noise.values(50, 0.1, 0.03));
  const auto points = change_points(series);
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].at, 40U);
  EXPECT_EQ(points[1].at, 70U);
  EXPECT_NEAR(points[0].before, 0, 0.02);
  EXPECT_NEAR(points[0].after, 0.3, 0.02);
  EXPECT_NEAR(points[1].before, 0.3, 0.02);
  EXPECT_NEAR(points[1].after, 0.1, 0.02);
  EXPECT_LE(points[0].p_value, 0.005);
  EXPECT_EQ(change_points(series), points) << "the same values, the same answer";
}

TEST(ChangePoints, DoNotDependOnUnitOrLevel) {
  SimulatedNoise noise(NoiseShape::laplace, 2);
  auto series = joined(noise.values(30, 0, 1), noise.values(30, 5, 1));
  const auto points = change_points(series);
  ASSERT_EQ(points.size(), 1U);
  for (double& value : series) value = 1e6 + 1e-3 * value;
  const auto scaled = change_points(series);
  ASSERT_EQ(scaled.size(), 1U);
  EXPECT_EQ(scaled[0].at, points[0].at);
}

// The definition, pair by pair.
std::size_t best_split_by_definition(const std::vector<double>& x, std::size_t shortest) {
  std::size_t best = 0;
  double strongest = -1;
  for (std::size_t at = shortest; at + shortest <= x.size(); ++at) {
    double across = 0, before = 0, after = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      for (std::size_t j = i + 1; j < x.size(); ++j)
        (j < at ? before : i >= at ? after : across) += std::fabs(x[i] - x[j]);
    const double m = static_cast<double>(at), n = static_cast<double>(x.size() - at);
    const double strength =
        m * n / (m + n) * (2 * across / (m * n) - 2 * before / (m * (m - 1)) - 2 * after / (n * (n - 1)));
    if (strength > strongest) {
      strongest = strength;
      best = at;
    }
  }
  return best;
}

TEST(ChangePoints, AreTheSplitsOfTheDefinition) {
  SimulatedNoise noise(NoiseShape::student3, 3);
  ChangePointSearch search;
  search.significance = 1;  // whatever it is, the first split is one
  search.permutations = 0;
  for (int i = 0; i < 50; ++i) {
    auto series = noise.values(19, 0, 1);
    for (double& value : series) value = std::round(4 * value) / 4;  // with ties
    search.shortest = 7;                                             // so that there is no second one
    const auto points = change_points(series, search);
    ASSERT_EQ(points.size(), 1U);
    EXPECT_EQ(points[0].at, best_split_by_definition(series, 7));
  }
}

TEST(ChangePoints, SmallerThanAskedForAreDroppedAndLevelsJoined) {
  SimulatedNoise noise(NoiseShape::normal, 4);
  const auto series =
      joined(joined(noise.values(60, 0, 0.01), noise.values(60, 0.02, 0.01)), noise.values(60, 0.2, 0.01));
  ASSERT_EQ(change_points(series).size(), 2U);
  ChangePointSearch search;
  search.smallest_step = 0.05;
  const auto points = change_points(series, search);
  ASSERT_EQ(points.size(), 1U);
  EXPECT_EQ(points[0].at, 120U);
  EXPECT_NEAR(points[0].before, 0.01, 0.006) << "of both levels that were joined";
}

TEST(ChangePoints, AreNotMadeByAFewOutliers) {
  SimulatedNoise noise(NoiseShape::normal, 5);
  auto series = noise.values(100, 0, 0.03);
  series[20] = 2;
  series[61] = 3;
  series[62] = 1;
  EXPECT_TRUE(change_points(series).empty());
}

TEST(ChangePoints, AreFoundWithinAFewRunsOfALargeStep) {
  SimulatedNoise noise(NoiseShape::normal, 6);
  const auto points = change_points(joined(noise.values(95, 0, 0.02), noise.values(5, 0.2, 0.02)));
  ASSERT_EQ(points.size(), 1U);
  EXPECT_EQ(points[0].at, 95U);
}

// What docs/history.md promises. 100 runs with 3 % noise, as logarithms.
TEST(ChangePoints, OfASeriesThatDoesNotChangeAreSeenInOnePercentAtMost) {
  constexpr int series = 2000;
  int any = 0;
  for (int i = 0; i < simulations(series); ++i)
    any +=
        !change_points(SimulatedNoise(noise_shapes[i % 3], 1'000 + static_cast<std::uint64_t>(i)).values(100, 0, 0.03))
             .empty();
  EXPECT_LE(any, simulations(series) / 100);
}

TEST(ChangePoints, OfATenPercentStepAreWithinTwoRunsInNineteenOfTwentySeries) {
  constexpr int series = 400;
  int placed = 0, alone = 0;
  for (int i = 0; i < simulations(series); ++i) {
    SimulatedNoise noise(noise_shapes[i % 3], 500'000 + static_cast<std::uint64_t>(i));
    const auto points = change_points(joined(noise.values(100, 0, 0.03), noise.values(100, std::log(1.1), 0.03)));
    placed += std::ranges::any_of(points, [](const ChangePoint& p) { return p.at >= 98 && p.at <= 102; });
    alone += points.size() == 1;
  }
  EXPECT_GE(placed, simulations(series) * 95 / 100);
  EXPECT_GE(alone, simulations(series) * 95 / 100);
}

}  // namespace
}  // namespace chicane
