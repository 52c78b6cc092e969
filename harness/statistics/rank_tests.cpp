#include "harness/statistics/rank_tests.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include <boost/math/distributions/normal.hpp>

#include "harness/statistics/rank_distributions.h"

namespace chicane {
namespace {

// The value that comes at `position` in ascending order; reorders.
double at_position(std::vector<double>& values, std::size_t position) {
  const auto found = values.begin() + static_cast<std::ptrdiff_t>(position);
  std::nth_element(values.begin(), found, values.end());
  return *found;
}

double median_of(std::vector<double>& values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double upper = at_position(values, values.size() / 2);
  if (values.size() % 2 == 1) return upper;
  const double lower =
      *std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return lower + (upper - lower) / 2;
}

// Median of the pairs' values, with the interval from the k-th smallest to the k-th largest.
Estimate estimate_from(std::vector<double> pairs, std::optional<std::size_t> k, std::size_t rounds) {
  Estimate estimate;
  estimate.rounds = static_cast<std::uint32_t>(rounds);
  estimate.median = median_of(pairs);
  if (k) {
    estimate.low = at_position(pairs, *k - 1);
    estimate.high = at_position(pairs, pairs.size() - *k);
  }
  return estimate;
}

}  // namespace

// Zeros are ranked with the others and their ranks then left out (Pratt): when they are dropped first, a value that
// gets smaller can make the whole look larger. Given the absolute values, each sign is a fair coin's under the null,
// which is why the distribution over the ranks that are there is exact, with ties too.
double signed_rank_greater(std::span<const double> values, double margin) {
  std::vector<double> distances;
  for (const double value : values) distances.push_back(std::fabs(value - margin));
  const auto ranks = doubled_ranks(distances);
  std::vector<std::uint32_t> counted;
  std::size_t positive = 0;
  double all = 0, squares = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == margin) continue;
    counted.push_back(ranks[i]);
    if (values[i] > margin) positive += ranks[i];
    const double rank = ranks[i] / 2.0;
    all += rank;
    squares += rank * rank;
  }
  if (counted.empty()) return 1;
  if (counted.size() <= most_signed_ranks) return upper_tail(signed_rank_distribution(counted), positive);
  // Mean and variance of a sum of coin flips; the ranks' squares have the correction for ties in them.
  return normal_upper_tail((static_cast<double>(positive) / 2 - all / 2 - 0.5) / std::sqrt(squares / 4));
}

Estimate hodges_lehmann(std::span<const double> values, double missed) {
  std::vector<double> walsh;
  walsh.reserve(values.size() * (values.size() + 1) / 2);
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t j = 0; j <= i; ++j) walsh.push_back(values[i] / 2 + values[j] / 2);
  return estimate_from(std::move(walsh), signed_rank_quantile(values.size(), missed / 2), values.size());
}

namespace {

struct RankSum {
  std::vector<std::uint32_t> ranks;  // doubled, of both sides
  std::size_t sum = 0;               // of the first side's
  std::size_t first = 0, second = 0;
};

RankSum rank_sum(std::span<const double> candidate, std::span<const double> baseline, double shift) {
  std::vector<double> both;
  for (const double value : candidate) both.push_back(value - shift);
  both.insert(both.end(), baseline.begin(), baseline.end());
  RankSum result{doubled_ranks(both), 0, candidate.size(), baseline.size()};
  for (std::size_t i = 0; i < candidate.size(); ++i) result.sum += result.ranks[i];
  return result;
}

struct Tails {
  double upper = 1, lower = 1;
};

Tails tails(const RankSum& of) {
  if (of.first == 0 || of.second == 0) return {};
  if (of.first <= most_of_a_side && of.second <= most_of_a_side) {
    const auto distribution = rank_sum_distribution(of.ranks, of.first);
    return {upper_tail(distribution, of.sum), lower_tail(distribution, of.sum)};
  }
  // Of a sum drawn without replacement: m · mean, and m·n / (N − 1) times the ranks' variance.
  const double m = static_cast<double>(of.first), n = static_cast<double>(of.second), all = m + n;
  double variance = 0;
  for (const auto rank : of.ranks) variance += std::pow(rank / 2.0 - (all + 1) / 2, 2) / all;
  if (variance == 0) return {};  // all are equal
  const double deviation = std::sqrt(variance * m * n / (all - 1));
  const double above = static_cast<double>(of.sum) / 2 - m * (all + 1) / 2;
  return {normal_upper_tail((above - 0.5) / deviation), normal_upper_tail((-above - 0.5) / deviation)};
}

}  // namespace

double rank_sum_greater(std::span<const double> candidate, std::span<const double> baseline, double shift) {
  return tails(rank_sum(candidate, baseline, shift)).upper;
}

double rank_sum_differs(std::span<const double> a, std::span<const double> b) {
  const auto both = tails(rank_sum(a, b, 0));
  return std::min(1.0, 2 * std::min(both.upper, both.lower));
}

Estimate hodges_lehmann_shift(std::span<const double> candidate, std::span<const double> baseline, double missed) {
  std::vector<double> differences;
  differences.reserve(candidate.size() * baseline.size());
  for (const double above : candidate)
    for (const double below : baseline) differences.push_back(above - below);
  return estimate_from(std::move(differences), rank_sum_quantile(candidate.size(), baseline.size(), missed / 2),
                       std::min(candidate.size(), baseline.size()));
}

std::optional<double> detectable_shift(const Estimate& shift, double margin, double alpha, double power) {
  if (!shift.low || !shift.high) return std::nullopt;
  const auto z = [](double p) { return quantile(boost::math::normal(), p); };
  const double error = (*shift.high - *shift.low) / (2 * z(0.975));
  return margin + (z(1 - alpha) + z(power)) * error;
}

// The smallest of m against alpha / m, the next against alpha / (m − 1), …, until one stays.
std::vector<bool> holm(std::span<const double> p_values, double alpha) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return p_values[i]; });
  std::vector<bool> rejected(p_values.size(), false);
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (!(p_values[order[i]] <= alpha / static_cast<double>(order.size() - i))) break;
    rejected[order[i]] = true;
  }
  return rejected;
}

}  // namespace chicane
