#include "reports/beside_best.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/figures.h"

namespace chicane::reports {
namespace {

constexpr double much_more = 1.5;

std::optional<double> measured(const Summary& summary, std::string_view name) {
  const auto found = summary.measures.find(std::string(name));
  if (found == summary.measures.end()) return std::nullopt;
  return found->second.median;
}

// Whole trials are counted; what is compared is an operation.
std::optional<double> an_operation(const Summary& summary, std::initializer_list<std::string_view> names) {
  const auto operations = measured(summary, "operations");
  if (!operations || !(*operations > 0)) return std::nullopt;
  double sum = 0;
  for (const auto name : names) {
    const auto value = measured(summary, name);
    if (!value) return std::nullopt;
    sum += *value;
  }
  return sum / *operations;
}

// Two digits are enough to compare by.
std::string counted(double value) {
  if (value >= 10) return count(static_cast<std::uint64_t>(std::llround(value)));
  if (value > 0 && value < 0.001) return "below 0.001";
  return fmt::format("{:.{}g}", value, value < 0.1 ? 1 : 2);
}

// Of what one thing counts there is much more: half as much again, and enough to matter.
bool is_more(double own, double best, double matters) { return own >= matters && own > best * much_more; }

std::vector<std::string> more_of(const Summary& own, const Summary& best) {
  std::vector<std::string> more;
  const auto compare = [&](std::string_view what, std::initializer_list<std::string_view> names, double matters) {
    const auto ours = an_operation(own, names), theirs = an_operation(best, names);
    if (ours && theirs && is_more(*ours, *theirs, matters))
      more.push_back(fmt::format("{} {} ({})", counted(*ours), what, counted(*theirs)));
  };
  compare("context switches", {"voluntary_switches", "involuntary_switches"}, 0.01);
  compare("page faults", {"minor_faults", "major_faults"}, 0.01);
  const auto ours = measured(own, "cpu_ns_per_operation"), theirs = measured(best, "cpu_ns_per_operation");
  if (ours && theirs && is_more(*ours, *theirs, 0))
    more.push_back(
        fmt::format("{} of CPU time ({})", figure(*ours, Unit::nanoseconds), figure(*theirs, Unit::nanoseconds)));
  for (const auto& [name, what] : {std::pair{"instructions_per_operation", "instructions"},
                                   {"cache_misses_per_operation", "cache misses"},
                                   {"branch_misses_per_operation", "mispredicted branches"}}) {
    const auto mine = measured(own, name), others = measured(best, name);
    if (mine && others && is_more(*mine, *others, 0.01))
      more.push_back(fmt::format("{} {} ({})", counted(*mine), what, counted(*others)));
  }
  return more;
}

std::vector<std::pair<const SpeedSeries*, const SpeedPoint*>> ranked_at(const SpeedPanel& panel, std::int64_t x) {
  std::vector<std::pair<const SpeedSeries*, const SpeedPoint*>> ranked;
  for (const auto& series : panel.series)
    if (const auto* point = series.at(x); series.right && point != nullptr && point->rank != 0)
      ranked.emplace_back(&series, point);
  std::ranges::sort(ranked, {}, [](const auto& one) { return one.second->rank; });
  return ranked;
}

}  // namespace

std::optional<BesideBest> beside_best(const SpeedPanel& panel) {
  std::vector<std::pair<const SpeedSeries*, const SpeedPoint*>> chosen;
  BesideBest result;
  for (const auto x : panel.xs) {
    auto ranked = ranked_at(panel, x);
    if (ranked.size() < 2) continue;
    const bool over = std::ranges::any_of(ranked, [](const auto& one) { return one.second->summary->oversubscribed; });
    if (over && !chosen.empty()) break;
    chosen = std::move(ranked), result.x = x;
    if (over) break;
  }
  if (chosen.empty()) return std::nullopt;
  const auto [best, best_point] = chosen.front();
  result.best = best;
  for (const auto& [series, point] : chosen) {
    const auto times = time_ratio(*point, *best_point);
    if (!times || times->ratio <= slower_by_a_tenth || !times->low || *times->low <= 1) continue;
    result.slower.push_back({series, point, *times, more_of(*point->summary, *best_point->summary)});
  }
  if (result.slower.empty()) return std::nullopt;
  return result;
}

std::string words_of(const SlowerThanBest& slower, const SpeedSeries& best) {
  auto text =
      fmt::format("{} takes {} times as long as {}", slower.series->label, counted(slower.times.ratio), best.label);
  const auto& [ratio, low, high] = slower.times;
  if (low && high) text += fmt::format(" ({}–{})", counted(*low), counted(*high));
  if (slower.more.empty()) return text + "; nothing that was counted tells why.";
  return text + fmt::format(", with {} an operation.", fmt::join(slower.more, ", "));
}

}  // namespace chicane::reports
