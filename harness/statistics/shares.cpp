#include "harness/statistics/shares.h"

#include <algorithm>

#include <boost/math/distributions/binomial.hpp>

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

}  // namespace chicane
