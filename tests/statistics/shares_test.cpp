#include "harness/statistics/shares.h"

#include <cmath>

#include <gtest/gtest.h>

namespace chicane {
namespace {

TEST(Shares, HaveThePublishedTwoSidedBounds) {
  // 95 % (Clopper and Pearson, 1934, chart; Documenta Geigy, Scientific Tables, 7th ed., pp. 85–98).
  struct Row {
    std::uint64_t hits, of;
    double lower, upper;
  };
  for (const Row& row : {Row{0, 10, 0, 0.3085}, Row{1, 10, 0.0025, 0.4450}, Row{5, 10, 0.1871, 0.8129},
                         Row{10, 10, 0.6915, 1}, Row{8, 20, 0.1912, 0.6395}, Row{50, 100, 0.3983, 0.6017}}) {
    const auto bounds = clopper_pearson(row.hits, row.of);
    EXPECT_NEAR(bounds.lower, row.lower, 0.00005) << row.hits << " of " << row.of;
    EXPECT_NEAR(bounds.upper, row.upper, 0.00005) << row.hits << " of " << row.of;
  }
}

TEST(Shares, OfNothingAreUnknown) {
  EXPECT_EQ(clopper_pearson(0, 0).lower, 0);
  EXPECT_EQ(clopper_pearson(0, 0).upper, 1);
}

TEST(Shares, HaveOneSidedBoundsThatAreTheRuleOfThree) {
  EXPECT_NEAR(share_at_most(0, 300), 1 - std::pow(0.05, 1.0 / 300), 1e-12);
  EXPECT_NEAR(share_at_least(300, 300), std::pow(0.05, 1.0 / 300), 1e-12);
  EXPECT_EQ(share_at_least(0, 300), 0);
  EXPECT_EQ(share_at_most(7, 7), 1);
}

// P(at least hits of n), added up.
double at_least(std::uint64_t hits, std::uint64_t n, double share) {
  double sum = 0;
  for (std::uint64_t k = hits; k <= n; ++k)
    sum += std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(static_cast<double>(n - k) + 1.0) +
                    static_cast<double>(k) * std::log(share) + static_cast<double>(n - k) * std::log1p(-share));
  return sum;
}

TEST(Fisher, IsThatOfTheTasterOfTea) {  // Fisher, The Design of Experiments, 1935, chapter 2
  EXPECT_NEAR(fisher_greater(4, 4, 0, 4), 1.0 / 70, 1e-12);
  EXPECT_NEAR(fisher_greater(3, 4, 1, 4), 17.0 / 70, 1e-12);
  EXPECT_EQ(fisher_greater(0, 4, 2, 4), 1);
  EXPECT_EQ(fisher_greater(3, 4, 0, 0), 1);
  EXPECT_NEAR(fisher_greater(24, 24, 0, 24), std::exp(2 * std::lgamma(25) - std::lgamma(49)), 1e-20);
}

TEST(Shares, AreWhereTheBinomialTailIsWhatIsMissed) {
  for (std::uint64_t hits = 1; hits < 40; hits += 3) {
    const auto bounds = clopper_pearson(hits, 40, 0.9);
    EXPECT_NEAR(at_least(hits, 40, bounds.lower), 0.05, 1e-9) << hits;
    EXPECT_NEAR(at_least(hits + 1, 40, bounds.upper), 0.95, 1e-9) << hits;
  }
}

}  // namespace
}  // namespace chicane
