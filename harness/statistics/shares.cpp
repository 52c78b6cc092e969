#include "harness/statistics/shares.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include <boost/math/distributions/binomial.hpp>

#include "harness/statistics/rank_tests.h"

namespace chicane {

double share_at_most(std::uint64_t hits, std::uint64_t of, double confidence) {
  if (hits >= of) return 1;
  return boost::math::binomial::find_upper_bound_on_p(static_cast<double>(of), static_cast<double>(hits),
                                                      1 - confidence);
}

double share_at_least(std::uint64_t hits, std::uint64_t of, double confidence) {
  if (hits == 0 || of == 0) return 0;
  return boost::math::binomial::find_lower_bound_on_p(static_cast<double>(of), static_cast<double>(std::min(hits, of)),
                                                      1 - confidence);
}

ShareBounds clopper_pearson(std::uint64_t hits, std::uint64_t of, double confidence) {
  const double one_sided = (1 + confidence) / 2;
  return {share_at_least(hits, of, one_sided), share_at_most(hits, of, one_sided)};
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
