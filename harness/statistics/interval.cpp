#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <boost/math/distributions/binomial.hpp>

#include "harness/statistics/summary.h"

namespace chicane {
namespace {

// Rank k (from 1) such that [x(k), x(n+1-k)] misses the median with at most `missed`: the number of values below the
// median is binomial with n and 1/2, so the interval misses it to the left with P(B <= k-1), and as much to the right.
// The largest k with P(B <= k-1) <= missed / 2 gives the narrowest such interval (Conover, Practical Nonparametric
// Statistics, 3rd ed., §3.2). With few values there is none: even [min, max] misses it with 2 · 2^-n, which is above
// 5 % below 6 values, and above 2.5 % below 7.
std::optional<std::size_t> lower_rank(std::size_t n, double missed) {
  if (n == 0) return std::nullopt;
  const boost::math::binomial below(static_cast<double>(n), 0.5);
  const auto misses = [&](std::size_t k) { return cdf(below, static_cast<double>(k) - 1) > missed / 2; };
  if (misses(1)) return std::nullopt;
  // The cdf grows with k: the largest k that does not miss, by bisection.
  std::size_t good = 1, bad = n / 2 + 1;
  while (bad - good > 1) {
    const std::size_t middle = good + (bad - good) / 2;
    (misses(middle) ? bad : good) = middle;
  }
  return good;
}

double median(const std::vector<double>& sorted) {
  const std::size_t n = sorted.size();
  if (n == 0) return std::numeric_limits<double>::quiet_NaN();
  if (n % 2 == 1) return sorted[n / 2];
  return sorted[n / 2 - 1] + (sorted[n / 2] - sorted[n / 2 - 1]) / 2;
}

}  // namespace

Estimate median_with_interval(std::span<const double> values, double missed) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  Estimate estimate;
  estimate.median = median(sorted);
  estimate.rounds = static_cast<std::uint32_t>(sorted.size());
  if (const auto rank = lower_rank(sorted.size(), missed)) {
    estimate.low = sorted[*rank - 1];
    estimate.high = sorted[sorted.size() - *rank];
  }
  return estimate;
}

Estimate ratio_of_medians(std::span<const double> above, std::span<const double> below) {
  constexpr double missed_by_either = 0.025;
  const auto over = median_with_interval(above, missed_by_either);
  const auto under = median_with_interval(below, missed_by_either);
  Estimate ratio;
  ratio.median = over.median / under.median;
  ratio.rounds = std::min(over.rounds, under.rounds);
  if (over.low && under.low && *under.low > 0) {
    ratio.low = *over.low / *under.high;
    ratio.high = *over.high / *under.low;
  }
  return ratio;
}

namespace {

using Round = std::pair<std::string_view, std::uint32_t>;

std::map<Round, double> by_round(std::span<const RoundFigure> figures) {
  std::map<Round, std::vector<double>> all;
  for (const auto& figure : figures) all[{figure.host, figure.round}].push_back(figure.value);
  std::map<Round, double> one_each;
  for (auto& [round, values] : all) {
    std::ranges::sort(values);
    one_each[round] = median(values);
  }
  return one_each;
}

}  // namespace

Estimate ratio_by_round(std::span<const RoundFigure> above, std::span<const RoundFigure> below) {
  const auto over = by_round(above), under = by_round(below);
  std::vector<double> ratios;
  bool positive = true;
  for (const auto& [round, value] : over)
    if (const auto other = under.find(round); other != under.end()) {
      ratios.push_back(value / other->second);
      positive = positive && value > 0 && other->second > 0 && std::isfinite(ratios.back());
    }
  if (positive) return median_with_interval(ratios);
  Estimate none;
  none.rounds = static_cast<std::uint32_t>(ratios.size());
  return none;
}

std::vector<double> one_a_round(std::span<const RoundFigure> figures) {
  std::vector<double> values;
  for (const auto& [round, value] : by_round(figures)) values.push_back(value);
  return values;
}

}  // namespace chicane
