#include "harness/statistics/rank_distributions.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <boost/math/distributions/normal.hpp>

namespace chicane {
namespace {

std::vector<std::uint32_t> without_ties(std::size_t n) {
  std::vector<std::uint32_t> doubled(n);
  for (std::size_t i = 0; i < n; ++i) doubled[i] = static_cast<std::uint32_t>(2 * (i + 1));
  return doubled;
}

// The largest k with P(S < k) <= tail, S being half of what `doubled` is the distribution of, less `least`.
std::optional<std::size_t> quantile_of(std::span<const double> doubled, std::size_t least, double tail) {
  double below = 0;
  std::size_t k = 0;
  for (std::size_t s = 2 * least; s < doubled.size(); s += 2) {
    below += doubled[s];
    if (below > tail) break;
    ++k;
  }
  return k == 0 ? std::nullopt : std::optional(k);
}

// The same where S is taken as normal, with continuity correction.
std::optional<std::size_t> normal_quantile(double mean, double deviation, double tail) {
  const boost::math::normal normal(mean, deviation);
  const double k = std::floor(quantile(normal, tail) + 0.5);  // P(S <= k − 1) ~ Φ(k − 1/2)
  return k < 1 ? std::nullopt : std::optional(static_cast<std::size_t>(k));
}

}  // namespace

double normal_upper_tail(double z) { return cdf(complement(boost::math::normal(), z)); }

std::vector<std::uint32_t> doubled_ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<std::uint32_t> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    while (last + 1 < order.size() && values[order[last + 1]] == values[order[first]]) ++last;
    // Ranks first + 1 to last + 1, whose mean is half of this.
    for (std::size_t i = first; i <= last; ++i) ranks[order[i]] = static_cast<std::uint32_t>(first + last + 2);
    first = last + 1;
  }
  return ranks;
}

// One rank after the other is added or not. Only sums of positive numbers, so that small tails keep their digits.
std::vector<double> signed_rank_distribution(std::span<const std::uint32_t> doubled) {
  std::vector<double> share(std::accumulate(doubled.begin(), doubled.end(), std::size_t{1}), 0.0);
  share[0] = 1;
  std::size_t reach = 0;
  for (const std::size_t rank : doubled) {
    reach += rank;
    for (std::size_t s = reach + 1; s-- > 0;) share[s] = (share[s] + (s >= rank ? share[s - rank] : 0)) / 2;
  }
  return share;
}

// ways[k][s]: choices of k ranks with sum s. Up to C(100, 50) = 1e29, of which doubles keep 15 digits.
std::vector<double> rank_sum_distribution(std::span<const std::uint32_t> doubled, std::size_t picked) {
  const std::size_t sums = std::accumulate(doubled.begin(), doubled.end(), std::size_t{1});
  std::vector<std::vector<double>> ways(picked + 1, std::vector<double>(sums, 0.0));
  ways[0][0] = 1;
  std::size_t seen = 0, reach = 0;
  for (const std::size_t rank : doubled) {
    ++seen;
    reach += rank;
    for (std::size_t k = std::min(seen, picked); k > 0; --k)
      for (std::size_t s = reach; s >= rank; --s) ways[k][s] += ways[k - 1][s - rank];
  }
  std::vector<double> share = std::move(ways[picked]);
  const double all = std::accumulate(share.begin(), share.end(), 0.0);
  for (double& each : share) each /= all;
  return share;
}

double upper_tail(std::span<const double> distribution, std::size_t from) {
  double sum = 0;
  for (std::size_t s = distribution.size(); s-- > from;) sum += distribution[s];
  return std::min(sum, 1.0);
}
double lower_tail(std::span<const double> distribution, std::size_t to) {
  double sum = 0;
  for (std::size_t s = 0; s < distribution.size() && s <= to; ++s) sum += distribution[s];
  return std::min(sum, 1.0);
}

std::optional<std::size_t> signed_rank_quantile(std::size_t n, double tail) {
  if (n == 0) return std::nullopt;
  if (n <= most_signed_ranks) return quantile_of(signed_rank_distribution(without_ties(n)), 0, tail);
  const double size = static_cast<double>(n);
  return normal_quantile(size * (size + 1) / 4, std::sqrt(size * (size + 1) * (2 * size + 1) / 24), tail);
}

std::optional<std::size_t> rank_sum_quantile(std::size_t m, std::size_t n, double tail) {
  if (m == 0 || n == 0) return std::nullopt;
  if (m <= most_of_a_side && n <= most_of_a_side)
    return quantile_of(rank_sum_distribution(without_ties(m + n), m), m * (m + 1) / 2, tail);
  const double a = static_cast<double>(m), b = static_cast<double>(n);
  return normal_quantile(a * b / 2, std::sqrt(a * b * (a + b + 1) / 12), tail);
}

}  // namespace chicane
