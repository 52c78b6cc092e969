#include "harness/gate/history/trend.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/statistics/change_points.h"

namespace chicane {
namespace {

// A permutation test can't reach below 1 / (permutations + 1). More than these take seconds for a series that changed.
constexpr std::size_t fewest_permutations = 999, most_permutations = 19'999;
// Runs that are looked at for the last change alone: what lies further back does not move it, and years of runs would
// take minutes.
constexpr std::size_t enough_runs = 200;

bool all_positive(const HistorySeries& series) {
  return std::ranges::all_of(series.points, [](const HistoryPoint& point) { return point.value.median > 0; });
}

// Twice as many as are needed to reach it at all.
std::size_t permutations_for(double significance) {
  return std::clamp(static_cast<std::size_t>(std::ceil(2 / significance)), fewest_permutations, most_permutations);
}

}  // namespace

std::vector<Change> changes_of(const HistorySeries& series, double significance, std::size_t newest) {
  if (series.points.size() < fewest_runs) return {};
  const bool logarithms = all_positive(series);
  const std::size_t first = series.points.size() - std::min(series.points.size(), newest);
  std::vector<double> values;
  for (std::size_t i = first; i < series.points.size(); ++i) {
    const double median = series.points[i].value.median;
    values.push_back(logarithms ? std::log(median) : median);
  }
  ChangePointSearch search;
  search.significance = significance;
  search.permutations = permutations_for(significance);
  std::vector<Change> changes;
  for (const auto& point : change_points(values, search))
    changes.push_back({first + point.at, logarithms ? std::exp(point.before) : point.before,
                       logarithms ? std::exp(point.after) : point.after, point.p_value});
  return changes;
}

bool more_is_better(const std::string& measure) {
  return measure.ends_with("_per_second") || measure == "fairness_jain";
}

CheckResult check_history(const std::vector<HistorySeries>& all, const CheckRequest& request) {
  CheckResult result;
  std::vector<std::size_t> fit;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& series = all[i];
    if (series.points.size() < fewest_runs)
      ++result.too_short;
    else if (!series.points.back().right)
      ++result.not_right;
    else if (!all_positive(series))
      ++result.unfit;
    else
      fit.push_back(i);
  }
  result.checked = fit.size();
  if (fit.empty()) return result;
  // Bonferroni's share for each, as far as permutations reach.
  result.significance =
      std::max(request.alpha / static_cast<double>(fit.size()), 1.0 / static_cast<double>(most_permutations + 1));
  for (const std::size_t i : fit) {
    const auto& series = all[i];
    const auto changes = changes_of(series, result.significance, std::max(enough_runs, 2 * request.within));
    if (changes.empty() || changes.back().at + request.within < series.points.size()) continue;
    const auto& last = changes.back();
    const double ratio = more_is_better(series.measure) ? last.before / last.after : last.after / last.before;
    if (ratio > 1 + request.margin) result.slowdowns.push_back({i, last, ratio});
  }
  std::ranges::sort(result.slowdowns, {}, [](const Slowdown& each) { return std::pair(-each.ratio, each.series); });
  return result;
}

}  // namespace chicane
