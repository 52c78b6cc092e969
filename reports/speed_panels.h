// The bench lane's summaries, arranged to be compared: one panel for what is comparable, one series a scenario, one
// point a number of workers. Views into the run, which must outlive them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/run.h"
#include "harness/statistics/summary.h"

namespace chicane::reports {

struct SpeedPoint {
  std::int64_t x = 0;
  const Summary* summary = nullptr;
  std::size_t position = 0;  // in Run::summaries
  unsigned rank = 0;         // among right answers with this x; 0: not ranked
  bool tied = false;         // not shown to be slower than the rank before: the interval of their ratio is not above 1
  std::vector<RoundFigure> rounds = {};  // the time of each
};

struct SpeedSeries {
  std::string label;  // the scenario's name in its family, and how its workers differ
  std::string scenario;
  bool right = true;  // only right answers are ranked
  std::string why_not_ranked;
  std::vector<SpeedPoint> points;  // by x
  const SpeedPoint* at(std::int64_t x) const;
};

struct SpeedPanel {
  std::string family;
  std::string title;   // what one operation is, and the arguments that all of it share: "wait_ms=2"; empty: nothing
  std::string x_name;  // "workers", "threads", "workers or threads"
  std::vector<std::int64_t> xs;
  std::vector<SpeedSeries> series;               // right ones first, the fastest first; then the wrong ones
  std::string words_of_x(std::int64_t x) const;  // "1 worker", "4 threads"
};

inline constexpr const char* ranked_measure = "wall_ns_per_operation";
const Estimate* time_per_operation(const SpeedPoint& point);

// One time over another. Over rounds that have both, with the interval of their ratios (95 %); without such rounds the
// medians' ratio, with the ends of both intervals (together at least 90 %).
struct TimeRatio {
  double ratio = 0;
  std::optional<double> low, high;
};
std::optional<TimeRatio> time_ratio(const SpeedPoint& above, const SpeedPoint& below);  // nothing over none
std::string interval(const TimeRatio& ratio);  // "0.76–1.26"; empty: there is none

// From here on one is told to be slower than another.
inline constexpr double slower_by_a_tenth = 1.1;

// How often as fast as one worker.
std::optional<TimeRatio> speedup(const SpeedSeries& series, const SpeedPoint& point);

std::vector<SpeedPanel> speed_panels(const Run& run);

}  // namespace chicane::reports
