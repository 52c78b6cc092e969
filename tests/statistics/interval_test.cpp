#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "harness/statistics/summary.h"

namespace chicane {
namespace {

// 1, 2, …, n in a shuffled order: the values of the interval's ends are its ranks.
std::vector<double> ranks(std::size_t n) {
  std::vector<double> values(n);
  std::iota(values.begin(), values.end(), 1.0);
  std::shuffle(values.begin(), values.end(), std::mt19937(1));
  return values;
}

TEST(Interval, MedianIsTheMiddleOrBetweenTheTwoMiddleOnes) {
  EXPECT_EQ(median_with_interval(ranks(7)).median, 4);
  EXPECT_EQ(median_with_interval(ranks(8)).median, 4.5);
  EXPECT_EQ(median_with_interval(std::vector{3.0}).median, 3);
  EXPECT_EQ(median_with_interval(std::vector{3.0}).rounds, 1U);
}

TEST(Interval, OfNothingIsNoNumber) {
  const Estimate none = median_with_interval({});
  EXPECT_TRUE(std::isnan(none.median));
  EXPECT_EQ(none.rounds, 0U);
  EXPECT_FALSE(none.low.has_value());
}

TEST(Interval, DoesNotExistBelowSixValues) {
  for (std::size_t n = 1; n < 6; ++n) {
    EXPECT_FALSE(median_with_interval(ranks(n)).low.has_value()) << n;
    EXPECT_FALSE(median_with_interval(ranks(n)).high.has_value()) << n;
  }
  EXPECT_TRUE(median_with_interval(ranks(6)).low.has_value());
}

TEST(Interval, HasTheRanksOfThePublishedTables) {
  // 95 % sign-test intervals as tables of the binomial distribution with p = 1/2 give them (Conover, table A3).
  struct Row {
    std::size_t n;
    double low, high;
  };
  for (const Row& row : {Row{6, 1, 6}, Row{7, 1, 7}, Row{8, 1, 8}, Row{9, 2, 8}, Row{10, 2, 9}, Row{11, 2, 10},
                         Row{12, 3, 10}, Row{15, 4, 12}, Row{16, 4, 13}, Row{17, 5, 13}, Row{20, 6, 15}, Row{25, 8, 18},
                         Row{30, 10, 21}, Row{40, 14, 27}, Row{50, 18, 33}, Row{100, 40, 61}}) {
    const Estimate estimate = median_with_interval(ranks(row.n));
    EXPECT_EQ(estimate.low, row.low) << row.n;
    EXPECT_EQ(estimate.high, row.high) << row.n;
  }
}

// Exact, by another way than the library's: 1 - 2 P(B <= k-1), with binomial coefficients added up in Pascal's
// triangle.
double coverage(std::size_t n, std::size_t rank) {
  std::vector<double> row{1};
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> next(row.size() + 1);
    for (std::size_t k = 0; k < row.size(); ++k) {
      next[k] += row[k] / 2;
      next[k + 1] += row[k] / 2;
    }
    row = std::move(next);
  }
  double below = 0;
  for (std::size_t k = 0; k < rank; ++k) below += row[k];
  return 1 - 2 * below;
}

TEST(Interval, CoversNinetyFivePercentAndTheNextNarrowerDoesNot) {
  EXPECT_NEAR(coverage(8, 2), 0.9297, 0.00005);  // why 8 rounds need [min, max]
  for (std::size_t n = 6; n <= 200; ++n) {
    const auto rank = static_cast<std::size_t>(*median_with_interval(ranks(n)).low);
    EXPECT_GE(coverage(n, rank), 0.95) << n;
    EXPECT_LT(coverage(n, rank + 1), 0.95) << n;
  }
}

TEST(Interval, CoversTheTrueMedianOfASkewedDistribution) {
  // Log-normal, as timings are; its median is 1. 20,000 samples: the share has a standard error of 0.15 %.
  std::mt19937_64 random(20'260'101);
  std::lognormal_distribution<double> timing(0.0, 1.0);
  for (const std::size_t n : {std::size_t{6}, std::size_t{8}, std::size_t{9}, std::size_t{20}}) {
    int covered = 0;
    constexpr int samples = 20'000;
    for (int i = 0; i < samples; ++i) {
      std::vector<double> values(n);
      for (double& value : values) value = timing(random);
      const Estimate estimate = median_with_interval(values);
      if (*estimate.low <= 1 && 1 <= *estimate.high) ++covered;
    }
    const double share = static_cast<double>(covered) / samples;
    const double exact = coverage(n, static_cast<std::size_t>(*median_with_interval(ranks(n)).low));
    EXPECT_NEAR(share, exact, 0.006) << n;  // four standard errors
    EXPECT_GE(share, 0.944) << n;
  }
}

TEST(Interval, OfThousandsOfValuesIsNarrowAndFinite) {
  const Estimate estimate = median_with_interval(ranks(10'001));
  EXPECT_EQ(estimate.median, 5001);
  // Normal approximation: n/2 ± 1.96 sqrt(n)/2 = ± 98 ranks.
  EXPECT_NEAR(*estimate.low, 5001 - 98, 2);
  EXPECT_NEAR(*estimate.high, 5001 + 98, 2);
}

TEST(Interval, OfEqualValuesIsThatValue) {
  const Estimate estimate = median_with_interval(std::vector<double>(8, 2.5));
  EXPECT_EQ(estimate.median, 2.5);
  EXPECT_EQ(estimate.low, 2.5);
  EXPECT_EQ(estimate.high, 2.5);
}

TEST(Ratio, HasTheMediansRatioAndNoIntervalBelowSevenValues) {
  const auto ratio = ratio_of_medians(ranks(9), ranks(4));
  EXPECT_DOUBLE_EQ(ratio.median, 2);
  EXPECT_FALSE(ratio.low);
  EXPECT_FALSE(ratio_of_medians(ranks(6), ranks(20)).low);
  ASSERT_TRUE(ratio_of_medians(ranks(7), ranks(7)).low);
  EXPECT_DOUBLE_EQ(*ratio_of_medians(ranks(7), ranks(7)).high, 7) << "from the ends of both";
}

TEST(Ratio, HoldsTheTrueRatioInNineteenOfTwentySets) {
  std::mt19937 random(7);
  std::lognormal_distribution<double> left(std::log(3.0), 0.3), right(0, 0.8);
  constexpr int sets = 2000;
  int held = 0;
  for (int i = 0; i < sets; ++i) {
    std::vector<double> a(20), b(12);
    for (auto& value : a) value = left(random);
    for (auto& value : b) value = right(random);
    const auto ratio = ratio_of_medians(a, b);
    held += *ratio.low <= 3 && 3 <= *ratio.high;
  }
  EXPECT_GE(held, sets * 95 / 100);
}

}  // namespace
}  // namespace chicane
