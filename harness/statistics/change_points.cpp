#include "harness/statistics/change_points.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "harness/model/mixing.h"

namespace chicane {
namespace {

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : values[n / 2 - 1] / 2 + values[n / 2] / 2;
}

// Numbers and sums of values by rank, each for all ranks up to one (Fenwick, Software: Practice and Experience 24,
// 1994).
class RankedSums {
 public:
  explicit RankedSums(std::size_t ranks) : counts_(ranks + 1, 0), sums_(ranks + 1, 0) {}
  void add(std::size_t rank, double value) {
    for (std::size_t i = rank + 1; i < counts_.size(); i += i & (~i + 1)) {
      counts_[i] += 1;
      sums_[i] += value;
    }
  }
  std::pair<double, double> up_to(std::size_t rank) const {
    double count = 0, sum = 0;
    for (std::size_t i = rank + 1; i > 0; i &= i - 1) {
      count += counts_[i];
      sum += sums_[i];
    }
    return {count, sum};
  }
  void clear() {
    std::ranges::fill(counts_, 0);
    std::ranges::fill(sums_, 0);
  }

 private:
  std::vector<double> counts_, sums_;
};

struct Split {
  std::size_t at = 0;
  double strength = -std::numeric_limits<double>::infinity();
};

// One stretch of the series. Finds its best split in two, in the order given or in any other.
class Stretch {
 public:
  Stretch(std::span<const double> values, std::size_t first, std::size_t shortest)
      : first_(first),
        shortest_(std::max<std::size_t>(shortest, 2)),
        ranks_(values.size()),
        values_(values.begin(), values.end()),
        distances_(values.size()),
        seen_(values.size()) {
    const std::size_t n = values.size();
    if (n == 0) return;
    const double centre = median(values_);  // sums of small numbers keep their digits
    for (double& value : values_) value -= centre;
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [this](std::size_t i) { return values_[i]; });
    const double all = std::accumulate(values_.begin(), values_.end(), 0.0);
    double below = 0;
    for (std::size_t rank = 0; rank < n; ++rank) {
      const double value = values_[order[rank]];
      ranks_[order[rank]] = rank;
      // To those below and to those above.
      distances_[order[rank]] =
          static_cast<double>(rank) * value - below + (all - below - value) - static_cast<double>(n - rank - 1) * value;
      below += value;
    }
    total_ = std::accumulate(distances_.begin(), distances_.end(), 0.0) / 2;
    order_.resize(n);
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    best_ = best_split();
  }

  std::size_t first() const { return first_; }
  std::size_t size() const { return values_.size(); }
  bool can_be_split() const { return size() >= 2 * shortest_; }
  const Split& best() const { return best_; }  // its place in the stretch

  // The strength of the best split after the values have changed places.
  double shuffled(std::uint64_t seed) {
    std::uint64_t state = seed;
    for (std::size_t i = order_.size(); i > 1; --i) {
      // The bias of the remainder, i in 2^64, is far below what a thousand permutations show.
      const auto other = static_cast<std::size_t>(splitmix64(state += splitmix64_step) % i);
      std::swap(order_[i - 1], order_[other]);
    }
    return best_split().strength;
  }

 private:
  // mn / (m + n) times the energy distance of the m values before and the n from `at` on, its means within a side taken
  // over pairs of different values; exponent 1. What the first side gains when a value moves into it, the cross sum
  // loses to that side and gains to the rest.
  Split best_split() {
    Split best;
    if (!can_be_split()) return best;
    seen_.clear();
    double within_first = 0, across = 0, sum_seen = 0;
    const std::size_t all = size();
    for (std::size_t moved = 0; moved + shortest_ < all; ++moved) {
      const std::size_t index = order_[moved];
      const double value = values_[index];
      const auto [below, sum_below] = seen_.up_to(ranks_[index]);
      const double count = static_cast<double>(moved);
      const double to_seen = value * below - sum_below + (sum_seen - sum_below) - value * (count - below);
      within_first += to_seen;
      across += distances_[index] - 2 * to_seen;
      seen_.add(ranks_[index], value);
      sum_seen += value;
      const std::size_t at = moved + 1;
      if (at < shortest_) continue;
      const double m = static_cast<double>(at), n = static_cast<double>(all - at);
      const double within_second = total_ - within_first - across;
      const double energy = 2 * across / (m * n) - 2 * within_first / (m * (m - 1)) - 2 * within_second / (n * (n - 1));
      const double strength = m * n / (m + n) * energy;
      if (strength > best.strength) best = {at, strength};
    }
    return best;
  }

  std::size_t first_, shortest_;
  std::vector<std::size_t> ranks_, order_;
  std::vector<double> values_, distances_;  // of each to all others
  RankedSums seen_;
  double total_ = 0;  // distance of all pairs
  Split best_;
};

double strongest(const std::vector<Stretch>& stretches) {
  double strength = -std::numeric_limits<double>::infinity();
  for (const auto& stretch : stretches) strength = std::max(strength, stretch.best().strength);
  return strength;
}

// The share of permutations, each within its stretch, whose best split is as strong as that of the series; stops as
// soon as it must be above what is asked (nothing is done with its value then).
double p_value(std::vector<Stretch>& stretches, const ChangePointSearch& search, std::size_t stage) {
  const double observed = strongest(stretches);
  const double all = static_cast<double>(search.permutations + 1);
  std::size_t as_strong = 1;  // the series itself
  for (std::size_t i = 0; i < search.permutations; ++i) {
    double strength = -std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < stretches.size(); ++k)
      strength = std::max(
          strength, stretches[k].shuffled(mixed_seed(search.seed, (stage * search.permutations + i) * 65'537 + k)));
    as_strong += strength >= observed;
    if (static_cast<double>(as_strong) / all > search.significance) break;
  }
  return static_cast<double>(as_strong) / all;
}

// Levels between neighbours, then without the one whose step is smallest, as long as that is too small.
void describe_and_prune(std::span<const double> values, std::vector<ChangePoint>& points, double smallest_step) {
  while (true) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      const std::size_t from = i == 0 ? 0 : points[i - 1].at, here = points[i].at,
                        to = i + 1 == points.size() ? values.size() : points[i + 1].at;
      const auto level = [&](std::size_t a, std::size_t b) {
        return median(
            {values.begin() + static_cast<std::ptrdiff_t>(a), values.begin() + static_cast<std::ptrdiff_t>(b)});
      };
      points[i].before = level(from, here);
      points[i].after = level(here, to);
    }
    const auto step = [](const ChangePoint& point) { return std::fabs(point.after - point.before); };
    const auto least = std::ranges::min_element(points, {}, step);
    if (least == points.end() || step(*least) >= smallest_step) return;
    points.erase(least);
  }
}

}  // namespace

std::vector<ChangePoint> change_points(std::span<const double> values, const ChangePointSearch& search) {
  std::vector<ChangePoint> points;
  std::vector<Stretch> stretches;
  stretches.emplace_back(values, 0, search.shortest);
  for (std::size_t stage = 0;; ++stage) {
    const auto best = std::ranges::max_element(stretches, {}, [](const Stretch& s) { return s.best().strength; });
    if (!best->can_be_split()) break;
    const double p = p_value(stretches, search, stage);
    if (p > search.significance) break;
    const std::size_t first = best->first(), at = first + best->best().at, end = first + best->size();
    points.push_back({at, 0, 0, p});
    *best = Stretch(values.subspan(first, at - first), first, search.shortest);
    stretches.emplace_back(values.subspan(at, end - at), at, search.shortest);
  }
  std::ranges::sort(points, {}, &ChangePoint::at);
  describe_and_prune(values, points, search.smallest_step);
  return points;
}

}  // namespace chicane
