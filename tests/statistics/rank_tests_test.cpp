#include "harness/statistics/rank_tests.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "tests/statistics/simulated.h"

namespace chicane {
namespace {

// ±1, ±2, …, ±n, whose negative ones have ranks of sum `negative`.
std::vector<double> with_negative_ranks(int n, int negative) {
  std::vector<double> values;
  for (int rank = n; rank > 0; --rank) {
    const bool is_negative = negative >= rank;
    if (is_negative) negative -= rank;
    values.push_back(is_negative ? -rank : rank);
  }
  EXPECT_EQ(negative, 0);
  return values;
}

TEST(SignedRank, HasTheCriticalValuesOfThePublishedTable) {
  // The largest rank sum of the smaller sign that is significant, one-sided (Wilcoxon and Wilcox, Some Rapid
  // Approximate Statistical Procedures, 1964, table 2; McCornack, J. American Statistical Assoc. 60, 1965).
  struct Row {
    int n, at_5, at_2_5, at_1, at_0_5;
  };
  for (const Row& row :
       {Row{5, 0, -1, -1, -1}, Row{6, 2, 0, -1, -1}, Row{7, 3, 2, 0, -1}, Row{8, 5, 3, 1, 0}, Row{9, 8, 5, 3, 1},
        Row{10, 10, 8, 5, 3}, Row{11, 13, 10, 7, 5}, Row{12, 17, 13, 9, 7}, Row{13, 21, 17, 12, 9},
        Row{14, 25, 21, 15, 12}, Row{15, 30, 25, 19, 15}, Row{16, 35, 29, 23, 19}, Row{17, 41, 34, 27, 23},
        Row{18, 47, 40, 32, 27}, Row{19, 53, 46, 37, 32}, Row{20, 60, 52, 43, 37}, Row{25, 100, 89, 76, 68},
        Row{30, 151, 137, 120, 109}, Row{50, 466, 434, 397, 373}}) {
    const std::pair<int, double> levels[] = {
        {row.at_5, 0.05}, {row.at_2_5, 0.025}, {row.at_1, 0.01}, {row.at_0_5, 0.005}};
    for (const auto& [critical, level] : levels) {
      if (critical >= 0) {
        EXPECT_LE(signed_rank_greater(with_negative_ranks(row.n, critical), 0), level) << row.n;
      }
      EXPECT_GT(signed_rank_greater(with_negative_ranks(row.n, critical + 1), 0), level) << row.n;
    }
  }
}

TEST(SignedRank, SaysOfPublishedExamplesWhatTheySay) {
  // Darwin's maize (Fisher, The Design of Experiments, §17): V = 96, two-sided p = 0.04126.
  const std::vector<double> maize{49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
  EXPECT_NEAR(2 * signed_rank_greater(maize, 0), 0.04126, 0.000005);
  // Depression scores before and after (Hollander and Wolfe, table 3.1): T+ = 40, p = 0.0195; estimate 0.46.
  const std::vector<double> before{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
  const std::vector<double> after{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
  std::vector<double> fell(9);
  for (std::size_t i = 0; i < 9; ++i) fell[i] = before[i] - after[i];
  EXPECT_NEAR(signed_rank_greater(fell, 0), 10.0 / 512, 1e-12);
  EXPECT_NEAR(hodges_lehmann(fell).median, 0.46, 0.0001);
}

// All 2^n ways to give signs to the absolute values, whose ranks are given doubled.
double by_enumeration(const std::vector<int>& doubled, int observed) {
  int as_large = 0;
  const int all = 1 << doubled.size();
  for (int signs = 0; signs < all; ++signs) {
    int sum = 0;
    for (std::size_t i = 0; i < doubled.size(); ++i)
      if (signs >> i & 1) sum += doubled[i];
    as_large += sum >= observed;
  }
  return static_cast<double>(as_large) / all;
}

TEST(SignedRank, IsExactWithTies) {
  // Absolute values 1 1 1 2 3 3: mid-ranks 2 2 2 4 5.5 5.5; negative: one of the 1s.
  const std::vector<double> values{1, 1, -1, 2, 3, 3};
  EXPECT_DOUBLE_EQ(signed_rank_greater(values, 0), by_enumeration({4, 4, 4, 8, 11, 11}, 4 + 4 + 8 + 11 + 11));
}

TEST(SignedRank, RanksZerosAndLeavesTheirRanksOut) {
  // 0 0 1 -2 3 4: ranks 1.5 1.5 3 4 5 6, of which the last four count (Pratt).
  const std::vector<double> values{0, 3, -2, 0, 4, 1};
  EXPECT_DOUBLE_EQ(signed_rank_greater(values, 0), by_enumeration({6, 8, 10, 12}, 6 + 10 + 12));
  EXPECT_EQ(signed_rank_greater(std::vector<double>(7, 0.5), 0.5), 1);
  EXPECT_EQ(signed_rank_greater({}, 0), 1);
}

TEST(SignedRank, NeverLikesSmallerValuesBetter) {
  // Dropping zeros before ranking would: a value that falls to the margin then takes its rank from all above it.
  SimulatedNoise noise(NoiseShape::normal, 3);
  for (int i = 0; i < 100; ++i) {
    auto values = noise.values(9, 0.5, 1);
    values[0] = values[1] = 0;
    const double p = signed_rank_greater(values, 0);
    for (double& value : values) {
      const double before = value;
      value -= std::fabs(noise());
      EXPECT_GE(signed_rank_greater(values, 0), p - 1e-12);
      value = std::min(before, 0.0);
      EXPECT_GE(signed_rank_greater(values, 0), p - 1e-12);
      value = before;
    }
  }
}

TEST(SignedRank, MeasuresFromTheMargin) {
  const std::vector<double> values{0.03, 0.04, 0.05, 0.06, 0.07, 0.08};
  EXPECT_DOUBLE_EQ(signed_rank_greater(values, 0.02), 1.0 / 64);
  EXPECT_DOUBLE_EQ(signed_rank_greater(values, 0.09), 1);
  // Above 0.0725 is 0.08 alone, at rank 2 (of 0.0025, 0.0075, 0.0125, …): all but the sums 0 and 1 are as large.
  EXPECT_DOUBLE_EQ(signed_rank_greater(values, 0.0725), 1 - 2.0 / 64);
}

TEST(SignedRank, GoesOverIntoTheNormalWithoutAStep) {
  // 200 values are counted, 201 are not: nearly the same values must have nearly the same p.
  SimulatedNoise noise(NoiseShape::laplace, 11);
  for (const double centre : {0.0, 0.1, 0.2}) {
    auto values = noise.values(200, centre, 1);
    const double exact = signed_rank_greater(values, 0);
    values.push_back(1e-9);  // the smallest rank
    values.push_back(-1e-9);
    EXPECT_NEAR(signed_rank_greater(values, 0), exact, 0.02 * exact + 0.002) << centre;
  }
}

TEST(SignedRank, RejectsAtMostAsOftenAsItSays) {
  constexpr int samples = 20'000;
  for (const NoiseShape shape : noise_shapes)
    for (const std::size_t n : {std::size_t{8}, std::size_t{12}, std::size_t{30}}) {
      SimulatedNoise noise(shape, 100 + n);
      int at_5 = 0, at_1 = 0;
      for (int i = 0; i < simulations(samples); ++i) {
        const double p = signed_rank_greater(noise.values(n, 0.02, 0.03), 0.02);
        at_5 += p <= 0.05;
        at_1 += p <= 0.01;
      }
      // Three standard errors.
      const double all = simulations(samples);
      EXPECT_LE(at_5 / all, 0.05 + 3 * std::sqrt(0.05 * 0.95 / all));
      EXPECT_LE(at_1 / all, 0.01 + 3 * std::sqrt(0.01 * 0.99 / all));
      if (n == 30) {
        EXPECT_GE(at_5 / all, 0.05 - 4 * std::sqrt(0.05 * 0.95 / all)) << "it can reject";
      }
    }
}

TEST(HodgesLehmann, IsTheMedianOfWalshAveragesWithTheSignedRankInterval) {
  // Of 1, 2, …, 8 the 36 averages are symmetric about 4.5. P(W <= 3) = 5/256 and P(W <= 4) = 7/256: k = 4.
  std::vector<double> values(8);
  std::iota(values.begin(), values.end(), 1.0);
  const auto estimate = hodges_lehmann(values);
  EXPECT_DOUBLE_EQ(estimate.median, 4.5);
  EXPECT_EQ(estimate.rounds, 8U);
  std::vector<double> walsh;
  for (int i = 1; i <= 8; ++i)
    for (int j = 1; j <= i; ++j) walsh.push_back((i + j) / 2.0);
  std::ranges::sort(walsh);
  EXPECT_DOUBLE_EQ(*estimate.low, walsh[3]);
  EXPECT_DOUBLE_EQ(*estimate.high, walsh[36 - 4]);
}

TEST(HodgesLehmann, HasNoIntervalBelowSixValues) {
  for (std::size_t n = 0; n < 6; ++n) EXPECT_FALSE(hodges_lehmann(std::vector<double>(n, 1.0)).low) << n;
  const auto six = hodges_lehmann(std::vector<double>{1, 2, 3, 4, 5, 6});
  EXPECT_EQ(six.low, 1);
  EXPECT_EQ(six.high, 6);
  EXPECT_TRUE(std::isnan(hodges_lehmann({}).median));
}

TEST(HodgesLehmann, IntervalHoldsTheCentreAsOftenAsItSays) {
  constexpr int samples = 8000;
  for (const NoiseShape shape : noise_shapes)
    for (const std::size_t n : {std::size_t{6}, std::size_t{12}, std::size_t{30}}) {
      SimulatedNoise noise(shape, 200 + n);
      int held = 0;
      for (int i = 0; i < simulations(samples); ++i) {
        const auto estimate = hodges_lehmann(noise.values(n, 0.7, 0.1));
        held += *estimate.low <= 0.7 && 0.7 <= *estimate.high;
      }
      const double all = simulations(samples);
      EXPECT_GE(held / all, 0.95 - 3 * std::sqrt(0.05 * 0.95 / all));
      if (n == 30) {
        EXPECT_LE(held / all, 0.965 + 3 * std::sqrt(0.05 * 0.95 / all)) << "no wider than needed";
      }
    }
}

TEST(HodgesLehmann, TakesThousandsOfValues) {
  SimulatedNoise noise(NoiseShape::normal, 5);
  const auto estimate = hodges_lehmann(noise.values(2000, 3, 1));
  // ± 1.96 · √(π/3) / √2000
  EXPECT_NEAR(*estimate.high - *estimate.low, 2 * 1.96 * 1.0233 / std::sqrt(2000.0), 0.006);
  EXPECT_NEAR(estimate.median, 3, 0.08);
}

// m values below all others but for `u` steps: U of the first side is u.
void with_u(int m, int n, int u, std::vector<double>& first, std::vector<double>& second) {
  first.clear();
  second.clear();
  for (int j = 1; j <= n; ++j) second.push_back(10 * j);
  for (int i = m; i > 0; --i) {
    const int above = std::min(u, n);
    u -= above;
    first.push_back(10 * above + 5 + 0.001 * i);
  }
  EXPECT_EQ(u, 0);
}

TEST(RankSum, HasTheCriticalValuesOfThePublishedTable) {
  // Largest U of the smaller side that is significant at 5 % two-sided and one-sided (Siegel and Castellan,
  // Nonparametric Statistics, 2nd ed.; Mann and Whitney's own table for the small ones).
  struct Row {
    int m, n, two_sided, one_sided;
  };
  for (const Row& row : {Row{4, 4, 0, 1}, Row{3, 5, 0, 1}, Row{5, 5, 2, 4}, Row{6, 6, 5, 7}, Row{7, 7, 8, 11},
                         Row{8, 8, 13, 15}, Row{9, 9, 17, 21}, Row{8, 10, 17, 20}, Row{10, 10, 23, 27},
                         Row{10, 12, 29, 34}, Row{12, 12, 37, 42}, Row{15, 15, 64, 72}, Row{20, 20, 127, 138}}) {
    std::vector<double> first, second;
    with_u(row.m, row.n, row.two_sided, first, second);
    EXPECT_LE(rank_sum_differs(first, second), 0.05) << row.m << ' ' << row.n;
    with_u(row.m, row.n, row.two_sided + 1, first, second);
    EXPECT_GT(rank_sum_differs(first, second), 0.05) << row.m << ' ' << row.n;
    with_u(row.m, row.n, row.one_sided, first, second);
    EXPECT_LE(rank_sum_greater(second, first, 0), 0.05) << row.m << ' ' << row.n;
    with_u(row.m, row.n, row.one_sided + 1, first, second);
    EXPECT_GT(rank_sum_greater(second, first, 0), 0.05) << row.m << ' ' << row.n;
  }
}

TEST(RankSum, SaysOfAPublishedExampleWhatItSays) {
  // Permeability at term and earlier (Hollander and Wolfe, table 4.1): W = 35, p = 0.1272, estimate 0.305.
  const std::vector<double> term{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
  const std::vector<double> earlier{1.15, 0.88, 0.90, 0.74, 1.21};
  EXPECT_NEAR(rank_sum_greater(term, earlier, 0), 0.1272, 0.00005);
  const auto shift = hodges_lehmann_shift(term, earlier);
  EXPECT_NEAR(shift.median, 0.305, 1e-9);
  EXPECT_NEAR(*shift.low, -0.15, 1e-9);
  EXPECT_NEAR(*shift.high, 0.76, 1e-9);
  EXPECT_EQ(shift.rounds, 5U);
}

TEST(RankSum, IsExactWithTies) {
  // {1, 2, 2} against {1, 2, 3, 3}: of the 35 choices of three of the ranks 1.5 1.5 4 4 4 6.5 6.5, those with a sum of
  // at least 9.5 and at most 9.5.
  const std::vector<double> ranks{1.5, 1.5, 4, 4, 4, 6.5, 6.5};
  int above = 0, below = 0;
  for (std::size_t i = 0; i < 7; ++i)
    for (std::size_t j = i + 1; j < 7; ++j)
      for (std::size_t k = j + 1; k < 7; ++k) {
        const double sum = ranks[i] + ranks[j] + ranks[k];
        above += sum >= 9.5;
        below += sum <= 9.5;
      }
  const std::vector<double> a{1, 2, 2}, b{1, 2, 3, 3};
  EXPECT_DOUBLE_EQ(rank_sum_greater(a, b, 0), above / 35.0);
  EXPECT_DOUBLE_EQ(rank_sum_differs(a, b), std::min(1.0, 2 * std::min(above, below) / 35.0));
}

TEST(RankSum, NeedsMoreThanTheShift) {
  const std::vector<double> baseline{1, 2, 3, 4, 5}, candidate{11, 12, 13, 14, 15};
  EXPECT_DOUBLE_EQ(rank_sum_greater(candidate, baseline, 0), 1 / 252.0);
  EXPECT_DOUBLE_EQ(rank_sum_greater(candidate, baseline, 5), 1 / 252.0);
  EXPECT_GT(rank_sum_greater(candidate, baseline, 10), 0.5);
  EXPECT_DOUBLE_EQ(rank_sum_greater(candidate, baseline, 20), 1);
  EXPECT_EQ(rank_sum_greater({}, baseline, 0), 1);
  EXPECT_EQ(rank_sum_differs(candidate, {}), 1);
}

TEST(RankSum, GoesOverIntoTheNormalWithoutAStep) {
  SimulatedNoise noise(NoiseShape::student3, 12);
  for (const double above : {0.0, 0.2, 0.5}) {
    auto a = noise.values(50, above, 1);
    const auto b = noise.values(50, 0, 1);
    const double exact = rank_sum_greater(a, b, 0);
    a.push_back(0.02);
    EXPECT_NEAR(rank_sum_greater(a, b, 0), exact, 0.1 * exact + 0.001) << above;
  }
  EXPECT_EQ(rank_sum_differs(std::vector<double>(60, 1.0), std::vector<double>(60, 1.0)), 1);
}

TEST(RankSum, RejectsAtMostAsOftenAsItSaysAndItsIntervalHolds) {
  constexpr int samples = 4000;
  for (const NoiseShape shape : noise_shapes) {
    SimulatedNoise noise(shape, 77);
    int greater = 0, differs = 0, held = 0;
    for (int i = 0; i < simulations(samples); ++i) {
      const auto a = noise.values(9, 1.5, 1), b = noise.values(8, 0.5, 1), c = noise.values(8, 0.5, 1);
      greater += rank_sum_greater(a, b, 1) <= 0.05;
      differs += rank_sum_differs(b, c) <= 0.05;
      const auto shift = hodges_lehmann_shift(a, b);
      held += *shift.low <= 1 && 1 <= *shift.high;
    }
    const double all = simulations(samples), error = 3 * std::sqrt(0.05 * 0.95 / all);
    EXPECT_LE(greater / all, 0.05 + error);
    EXPECT_LE(differs / all, 0.05 + error);
    EXPECT_GE(greater / all, 0.03 - error);
    EXPECT_GE(held / all, 0.95 - error);
  }
}

TEST(HodgesLehmannShift, HasNoIntervalWhereTheSidesAreTooSmall) {
  const std::vector<double> four{1, 2, 3, 4}, three{1, 2, 3}, five{1, 2, 3, 4, 5};
  EXPECT_TRUE(hodges_lehmann_shift(four, four).low);
  EXPECT_FALSE(hodges_lehmann_shift(three, four).low);
  EXPECT_TRUE(hodges_lehmann_shift(three, five).low);
  EXPECT_FALSE(hodges_lehmann_shift({}, four).low);
}

TEST(Holm, RejectsStepByStep) {
  EXPECT_EQ(holm(std::vector{0.01, 0.04, 0.03, 0.005}, 0.05), (std::vector{true, false, false, true}));
  // Bonferroni would reject the first alone; 0.02 is compared with 0.05 / 2.
  EXPECT_EQ(holm(std::vector{0.001, 0.02, 0.06}, 0.05), (std::vector{true, true, false}));
  // 0.03 alone would do, but 0.026 before it stays.
  EXPECT_EQ(holm(std::vector{0.026, 0.03}, 0.05), (std::vector{false, false}));
  EXPECT_EQ(holm(std::vector{0.05}, 0.05), (std::vector{true}));
  EXPECT_TRUE(holm({}, 0.05).empty());
}

TEST(Holm, KeepsAnyFalseRejectionBelowItsLevel) {
  // Ten hypotheses, of which seven are true and share much of their noise.
  SimulatedNoise noise(NoiseShape::normal, 4);
  constexpr int families = 20'000;
  int wrong = 0, found = 0;
  for (int i = 0; i < simulations(families); ++i) {
    const double shared = noise();
    std::vector<double> p(10);
    for (std::size_t k = 0; k < p.size(); ++k)
      p[k] = 0.5 * std::erfc((0.7 * shared + std::sqrt(0.51) * noise() + (k < 3 ? 4 : 0)) / std::sqrt(2.0));
    const auto rejected = holm(p, 0.05);
    wrong += std::any_of(rejected.begin() + 3, rejected.end(), [](bool each) { return each; });
    found += rejected[0];
  }
  const double all = simulations(families);
  EXPECT_LE(wrong / all, 0.05 + 3 * std::sqrt(0.05 * 0.95 / all));
  EXPECT_GE(found / all, 0.85);
}

TEST(RankSum, FindsWhatItSaysIsDetectableAboutAsOftenAsItSays) {
  SimulatedNoise noise(NoiseShape::normal, 11);
  const int series = simulations(600);
  int found = 0;
  for (int i = 0; i < series; ++i) {
    const auto told =
        detectable_shift(hodges_lehmann_shift(noise.values(20, 0, 0.03), noise.values(20, 0, 0.03)), 0.1, 0.01, 0.9);
    ASSERT_TRUE(told);
    EXPECT_GT(*told, 0.1);
    found += rank_sum_greater(noise.values(20, *told, 0.03), noise.values(20, 0, 0.03), 0.1) <= 0.01;
  }
  EXPECT_GT(found, 0.8 * series);
  EXPECT_LT(found, 0.97 * series);
  EXPECT_FALSE(detectable_shift(Estimate{}, 0.1, 0.01, 0.9)) << "without an interval nothing is known of the noise";
}

}  // namespace
}  // namespace chicane
