#include "harness/statistics/shares.h"

#include <algorithm>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/hypergeometric.hpp>

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

double fisher_greater(std::uint64_t hits, std::uint64_t of, std::uint64_t other_hits, std::uint64_t other_of) {
  if (of == 0 || other_of == 0 || hits == 0 || other_hits >= other_of) return 1;
  const boost::math::hypergeometric all(hits + other_hits, of, of + other_of);
  return boost::math::cdf(boost::math::complement(all, hits - 1));
}

}  // namespace chicane
