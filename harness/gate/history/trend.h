// What a history says: where the level of a series changed, and whether the last change of some series is a slowdown.
// Pure.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "harness/gate/history/store.h"

namespace chicane {

inline constexpr std::size_t fewest_runs = 10;  // of a series; below, no change is looked for

struct Change {
  std::size_t at = 0;            // index of the first point of the new level
  double before = 0, after = 0;  // medians of the levels, in the measure's unit
  double p_value = 1;
  bool operator==(const Change&) const = default;
};

// Of logarithms, so that a change is a ratio; of the values themselves where not all are above 0. `significance` is the
// share of unchanged series that show any change (see harness/statistics/change_points.h). Only the last `newest`
// points are looked at.
std::vector<Change> changes_of(const HistorySeries& series, double significance = 0.005,
                               std::size_t newest = std::numeric_limits<std::size_t>::max());

// Throughput and fairness are better when they are larger; everything else, times and memory, when it is smaller.
bool more_is_better(const std::string& measure);

struct CheckRequest {
  double margin = 0.05;     // a slowdown must be larger
  std::size_t within = 20;  // and have begun in these last runs of its series
  double alpha = 0.01;  // share of checks of an unchanged history that say "slower", at most, over all series together
};

struct Slowdown {
  std::size_t series = 0;  // position
  Change change;
  double ratio = 1;  // how many times worse, above 1
};

struct CheckResult {
  std::vector<Slowdown> slowdowns;  // the worst first
  std::size_t checked = 0, too_short = 0;
  std::size_t not_right = 0;  // whose last run's answer was wrong, or must show a finding: no speed to lose
  std::size_t unfit = 0;      // with values that are not above 0, of which no ratio can be taken
  double significance = 0;    // of one series
};
CheckResult check_history(const std::vector<HistorySeries>& all, const CheckRequest& request);

}  // namespace chicane
