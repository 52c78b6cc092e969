// How large a slowdown the signed-rank test finds, from the noise that was seen: a smoothed bootstrap (Silverman and
// Young, Biometrika 74, 1987) of the log ratios about their own centre.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include "harness/model/mixing.h"
#include "harness/statistics/rank_distributions.h"
#include "harness/statistics/rank_tests.h"

namespace chicane {
namespace {

constexpr std::size_t resamples = 2000;  // a power of 90 % then has a standard error of 0.7 points
constexpr std::uint64_t fixed_seed = 0x636869636e65;
constexpr std::size_t few = 8;  // rounds, below which the spread itself is too uncertain to be taken as known
constexpr double none = std::numeric_limits<double>::infinity();

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }  // in [0, 1)
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(unit() * static_cast<double>(n)); }
  // Of variance 1 and no wider than three: nearly normal, without the logarithms of a normal one.
  double bell() { return 2 * (unit() + unit() + unit()) - 3; }

 private:
  std::uint64_t next() { return splitmix64(state_ += splitmix64_step); }
  std::uint64_t state_;
};

// Of sorted values: how many means of pairs (a value with itself too) are above x.
std::size_t walsh_above(const std::vector<double>& sorted, double x) {
  std::size_t above = 0, low = 0;
  // The larger a value, the smaller the least partner that brings the mean above x.
  for (std::size_t high = sorted.size(); high-- > 0;) {
    while (low < sorted.size() && sorted[low] / 2 + sorted[high] / 2 <= x) ++low;
    if (low > high) break;
    above += high - low + 1;
  }
  return above;
}

// The `count`-th largest mean of pairs, by bisection down to what matters to no power.
double walsh_from_above(const std::vector<double>& sorted, std::size_t count) {
  double low = sorted.front(), high = sorted.back();
  const double close = (high - low) * 1e-6;
  while (high - low > close) {
    const double middle = low + (high - low) / 2;
    (walsh_above(sorted, middle) >= count ? low : high) = middle;
  }
  return low;
}

// The signed-rank sum from which on n rounds without ties are significant; none where no sum is.
std::optional<std::size_t> critical_sum(std::size_t n, double alpha) {
  const auto k = signed_rank_quantile(n, alpha);
  if (!k) return std::nullopt;
  return n * (n + 1) / 2 - (*k - 1);  // P(W >= this) = P(W < k)
}

double quantile_of_sorted(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - static_cast<double>(below));
}

// What a resampled round is drawn from.
struct Noise {
  std::vector<double> residuals;  // both each and its negative: the null of the test is symmetric
  double smoothing = 0;           // deviation of what is added to each
  double scale = 1;               // of the whole, so that adding it does not widen it
  double mean_size = 0;           // of residuals without their signs
  std::size_t seen = 0;
};

Noise noise_of(std::span<const double> log_ratios) {
  Noise noise;
  noise.seen = log_ratios.size();
  const double n = static_cast<double>(log_ratios.size());
  const double centre = hodges_lehmann(log_ratios).median;
  double squares = 0;
  for (const double value : log_ratios) {
    // The centre was fitted to them, which took one degree of freedom.
    const double residual = (value - centre) * std::sqrt(n / (n - 1));
    noise.residuals.push_back(residual);
    noise.residuals.push_back(-residual);
    squares += residual * residual;
    noise.mean_size += std::fabs(residual) / n;
  }
  std::ranges::sort(noise.residuals);
  const double deviation = std::sqrt(squares / n);
  const double middle_half = quantile_of_sorted(noise.residuals, 0.75) - quantile_of_sorted(noise.residuals, 0.25);
  // Silverman's rule (Density Estimation, 1986, §3.4.2), whose spread heavy tails do not move.
  const double spread = middle_half > 0 ? std::min(deviation, middle_half / 1.34) : deviation;
  noise.smoothing = 0.9 * spread * std::pow(2 * n, -0.2);
  if (deviation > 0) noise.scale = 1 / std::sqrt(1 + std::pow(noise.smoothing / deviation, 2));
  // Student's t instead of the normal, at the one-sided 90 % that power is mostly asked for.
  if (noise.seen < few)
    noise.scale *= quantile(boost::math::students_t(n - 1), 0.9) / quantile(boost::math::normal(), 0.9);
  return noise;
}

// The mean size of as many residuals as were seen, drawn from them: as far as it is from theirs, so far may theirs be
// from the truth, and the further the heavier the tails are.
double size_of_another(const Noise& noise, Random& random) {
  double sum = 0;
  for (std::size_t i = 0; i < noise.seen; ++i) sum += std::fabs(noise.residuals[random.below(noise.residuals.size())]);
  return sum / static_cast<double>(noise.seen);
}

// Hands over resamples of `rounds` rounds, each sorted; none where too few rounds were seen to know their noise.
template <class Take>
void resample(std::span<const double> log_ratios, std::size_t rounds, bool careful, Take take) {
  if (log_ratios.size() < 2) return;
  const Noise noise = noise_of(log_ratios);
  Random random(fixed_seed);
  std::vector<double> drawn(rounds);
  for (std::size_t i = 0; i < resamples; ++i) {
    double scale = noise.scale;
    if (careful && noise.mean_size > 0)
      scale *= noise.mean_size / std::max(size_of_another(noise, random), noise.mean_size / 10);
    for (double& round : drawn) {
      const double residual = noise.residuals[random.below(noise.residuals.size())];
      round = (residual + noise.smoothing * random.bell()) * scale;
    }
    std::ranges::sort(drawn);
    take(drawn);
  }
}

// For each resample the slowdown from which on it is found, ascending. The sum of signed ranks above a margin is the
// number of Walsh averages above it (Tukey), so the rounds' own critical average says it.
std::vector<double> found_from(std::span<const double> log_ratios, double margin, std::size_t rounds, double alpha) {
  std::vector<double> thresholds;
  if (const auto critical = critical_sum(rounds, alpha))
    resample(log_ratios, rounds, true, [&](const std::vector<double>& drawn) {
      thresholds.push_back(margin - walsh_from_above(drawn, *critical));
    });
  std::ranges::sort(thresholds);
  return thresholds;
}

// In how many resamples a slowdown of this size is found. One pass over each where found_from makes twenty.
std::size_t found_in(std::span<const double> log_ratios, double slowdown, double margin, std::size_t rounds,
                     double alpha, bool careful) {
  std::size_t found = 0;
  if (const auto critical = critical_sum(rounds, alpha))
    resample(log_ratios, rounds, careful,
             [&](const std::vector<double>& drawn) { found += walsh_above(drawn, margin - slowdown) >= *critical; });
  return found;
}

std::size_t needed(double power) {
  return static_cast<std::size_t>(std::ceil(std::max(power, 0.0) * static_cast<double>(resamples)));
}

}  // namespace

double signed_rank_power(std::span<const double> log_ratios, double slowdown_log, double margin_log, std::size_t rounds,
                         double alpha) {
  return static_cast<double>(found_in(log_ratios, slowdown_log, margin_log, rounds, alpha, false)) /
         static_cast<double>(resamples);
}

bool finds_slowdown(std::span<const double> log_ratios, double slowdown_log, double margin_log, std::size_t rounds,
                    double alpha, double power) {
  const auto found = found_in(log_ratios, slowdown_log, margin_log, rounds, alpha, true);
  return found > 0 && found >= needed(power);
}

double detectable_slowdown(std::span<const double> log_ratios, double margin_log, std::size_t rounds, double alpha,
                           double power) {
  const auto thresholds = found_from(log_ratios, margin_log, rounds, alpha);
  if (thresholds.empty() || power > 1) return none;
  // Found are those whose threshold is below the slowdown, so the next larger number.
  return std::nextafter(thresholds[std::max<std::size_t>(needed(power), 1) - 1], none);
}

}  // namespace chicane
