#include "reports/by_hand.h"

#include <algorithm>

namespace chicane::reports {
namespace {

const Scenario* declared(const Run& run, const SpeedSeries& series) {
  const auto found = std::ranges::find(run.scenarios, series.scenario, &Scenario::id);
  return found == run.scenarios.end() ? nullptr : &*found;
}

const SpeedSeries* fastest_library(const SpeedPanel& panel, const Run& run, std::int64_t x) {
  const SpeedSeries* fastest = nullptr;
  double least = 0;
  for (const auto& series : panel.series) {
    const auto* const point = series.at(x);
    const auto* const time = point == nullptr ? nullptr : time_per_operation(*point);
    const auto* const scenario = declared(run, series);
    if (!series.right || time == nullptr || scenario == nullptr || !scenario->has_tag(library_tag)) continue;
    if (fastest == nullptr || time->median < least) fastest = &series, least = time->median;
  }
  return fastest;
}

SlowerByATenth grade_of(const TimeRatio& times) {
  if (times.low && *times.low > slower_by_a_tenth) return SlowerByATenth::yes;
  if (times.high && *times.high <= slower_by_a_tenth) return SlowerByATenth::no;
  return SlowerByATenth::not_shown;
}

}  // namespace

std::vector<AgainstLibrary> against_libraries(const SpeedPanel& panel, const Run& run) {
  std::vector<AgainstLibrary> all;
  for (const auto& series : panel.series) {
    const auto* const scenario = declared(run, series);
    if (!series.right || scenario == nullptr || scenario->by_hand.empty()) continue;
    for (const auto& point : series.points) {
      const auto* const library = fastest_library(panel, run, point.x);
      if (library == nullptr) continue;
      const auto times = time_ratio(point, *library->at(point.x));
      if (!times) continue;
      const auto grade = grade_of(*times);
      const bool asked = grade != SlowerByATenth::no && times->ratio > slower_by_a_tenth;
      all.push_back({&series, &point, library, *times, grade, asked ? scenario->by_hand : ""});
    }
  }
  return all;
}

}  // namespace chicane::reports
