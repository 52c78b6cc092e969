#include "reports/speed_panels.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace chicane::reports {
namespace {

// What of a scenario's parameters is drawn along x: the number of its workers or, where that is always the same, the
// axis that says how many threads its pool has.
struct Shape {
  std::set<std::uint32_t> workers;
  std::map<std::string, std::set<std::int64_t>> args;
  std::string x_axis() const {
    if (workers.size() > 1) return "";
    for (const auto* axis : {"threads", "processes", "pool"})
      if (const auto found = args.find(axis); found != args.end()) return axis;
    return "";
  }
};

std::string words(const std::map<std::string, std::int64_t>& args) {
  std::string text;
  for (const auto& [axis, value] : args) text += fmt::format("{}{}={}", text.empty() ? "" : ", ", axis, value);
  return text;
}

// The times of all rounds, by what they are of.
class RoundTimes {
 public:
  explicit RoundTimes(const Run& run) {
    for (const auto& host : run.hosts) fingerprints_[host.id] = host.fingerprint;
    for (const auto& trial : run.trials)
      if (trial.lane == Lane::bench && !trial.calibration && trial.status == TrialStatus::completed)
        trials_[{trial.scenario, trial.parameters}].push_back(&trial);
  }
  std::vector<RoundFigure> of(const Summary& summary) const {
    std::vector<RoundFigure> times;
    const auto own = trials_.find({summary.scenario, summary.parameters});
    if (own == trials_.end()) return times;
    for (const auto* trial : own->second) {
      if (!summary.build.empty() && trial->build != summary.build) continue;
      if (!summary.host.empty() && fingerprint(trial->host) != fingerprint(summary.host)) continue;
      const auto time = trial->measures.find(ranked_measure);
      if (time != trial->measures.end() && std::isfinite(time->second))
        times.push_back({trial->host, trial->round, time->second});
    }
    return times;
  }

 private:
  std::string_view fingerprint(std::string_view host) const {
    const auto found = fingerprints_.find(host);
    return found == fingerprints_.end() ? host : found->second;
  }
  std::map<std::string_view, std::string_view> fingerprints_;  // of hosts, by id
  std::map<std::pair<std::string_view, Parameters>, std::vector<const Trial*>> trials_;
};

void rank(SpeedPanel& panel) {
  for (const auto x : panel.xs) {
    std::vector<SpeedPoint*> points;
    for (auto& series : panel.series)
      for (auto& point : series.points)
        if (series.right && point.x == x && time_per_operation(point) != nullptr) points.push_back(&point);
    if (points.size() < 2) continue;
    std::ranges::sort(
        points, {}, [](const auto* point) { return std::tuple(time_per_operation(*point)->median, point->position); });
    for (std::size_t i = 0; i < points.size(); ++i) {
      points[i]->rank = static_cast<unsigned>(i + 1);
      if (i == 0) continue;
      const auto times = time_ratio(*points[i], *points[i - 1]);
      points[i]->tied = times && times->low && *times->low <= 1;
    }
  }
}

// Right ones first; among them the fastest at the largest x that is not oversubscribed, where a comparison says most.
void order(SpeedPanel& panel) {
  std::int64_t decisive = panel.xs.front();
  for (const auto x : panel.xs) {
    std::size_t have = 0;
    for (const auto& series : panel.series)
      if (const auto* point = series.at(x); point != nullptr && series.right && !point->summary->oversubscribed) ++have;
    if (have >= 2) decisive = x;
  }
  std::ranges::sort(panel.series, {}, [&](const SpeedSeries& series) {
    const auto* point = series.at(decisive);
    const auto* time = point == nullptr ? nullptr : time_per_operation(*point);
    return std::tuple(!series.right, time == nullptr, time == nullptr ? 0.0 : time->median, series.label);
  });
}

}  // namespace

const SpeedPoint* SpeedSeries::at(std::int64_t x) const {
  const auto found = std::ranges::find(points, x, &SpeedPoint::x);
  return found == points.end() ? nullptr : &*found;
}

std::string SpeedPanel::words_of_x(std::int64_t x) const {
  auto name = x_name;
  if (x == 1) {  // "threads or processes" is "thread or process"
    name += ' ';
    for (auto at = name.find("s "); at != std::string::npos; at = name.find("s ", at)) {
      const std::size_t ending = name.substr(0, at).ends_with("sse") ? 2 : 1;
      at = at + 1 - ending;
      name.erase(at, ending);
      ++at;
    }
    name.pop_back();
  }
  return fmt::format("{} {}", x, name);
}

const Estimate* time_per_operation(const SpeedPoint& point) {
  const auto found = point.summary->measures.find(ranked_measure);
  return found == point.summary->measures.end() ? nullptr : &found->second;
}

std::optional<TimeRatio> time_ratio(const SpeedPoint& above, const SpeedPoint& below) {
  const auto *over = time_per_operation(above), *under = time_per_operation(below);
  if (over == nullptr || under == nullptr || !(under->median > 0)) return std::nullopt;
  if (const auto paired = ratio_by_round(above.rounds, below.rounds); paired.low)
    return TimeRatio{paired.median, paired.low, paired.high};
  TimeRatio made{over->median / under->median, std::nullopt, std::nullopt};
  if (over->low && over->high && under->low && under->high && *under->low > 0)
    made.low = *over->low / *under->high, made.high = *over->high / *under->low;
  return made;
}

std::string interval(const TimeRatio& ratio) {
  if (!ratio.low || !ratio.high) return "";
  return *ratio.low < 0.1 ? fmt::format("{:.3f}–{:.3f}", *ratio.low, *ratio.high)
                          : fmt::format("{:.2f}–{:.2f}", *ratio.low, *ratio.high);
}

std::optional<TimeRatio> speedup(const SpeedSeries& series, const SpeedPoint& point) {
  const auto* first = series.at(1);
  if (first == nullptr || series.points.size() < 2) return std::nullopt;
  auto made = time_ratio(*first, point);
  if (made && &point == first) made->low = made->high = std::nullopt;
  return made;
}

std::vector<SpeedPanel> speed_panels(const Run& run) {
  std::map<std::pair<std::string, WorkerKind>, Shape> shapes;
  for (const auto& summary : run.summaries) {
    auto& shape = shapes[{summary.scenario, summary.parameters.worker_kind}];
    shape.workers.insert(summary.parameters.workers);
    for (const auto& [axis, value] : summary.parameters.args) shape.args[axis].insert(value);
  }

  std::map<std::string, std::string> operations;
  for (const auto& scenario : run.scenarios) operations[scenario.id] = scenario.operation;

  const RoundTimes times(run);
  std::vector<SpeedPanel> panels;
  for (std::size_t i = 0; i < run.summaries.size(); ++i) {
    const auto& summary = run.summaries[i];
    const auto& parameters = summary.parameters;
    const auto axis = shapes[{summary.scenario, parameters.worker_kind}].x_axis();
    auto args = parameters.args;
    std::int64_t x = parameters.workers;
    if (!axis.empty()) x = args[axis], args.erase(axis);

    const auto slash = summary.scenario.find('/');
    const auto family = summary.scenario.substr(0, slash);
    const auto& operation = operations[summary.scenario];
    const auto shared_args = words(args);
    auto title = operation + (operation.empty() || shared_args.empty() ? "" : ", ") + shared_args;
    // Timings of two hosts are never in one comparison.
    if (!summary.host.empty()) title += (title.empty() ? "on host " : ", on host ") + summary.host;
    auto panel = std::ranges::find_if(panels, [&](const auto& p) { return p.family == family && p.title == title; });
    if (panel == panels.end()) panel = panels.insert(panels.end(), {family, title, "", {}, {}});
    const auto x_name = axis.empty() ? std::string("workers") : axis;
    if (panel->x_name.empty()) panel->x_name = x_name;
    if (!panel->x_name.contains(x_name)) panel->x_name += " or " + x_name;
    if (std::ranges::find(panel->xs, x) == panel->xs.end()) panel->xs.push_back(x);

    auto label = slash == std::string::npos ? summary.scenario : summary.scenario.substr(slash + 1);
    if (parameters.worker_kind == WorkerKind::process) label += " (processes)";
    if (!summary.build.empty()) label += " (build " + summary.build + ")";
    auto series = std::ranges::find(panel->series, label, &SpeedSeries::label);
    if (series == panel->series.end())
      series = panel->series.insert(panel->series.end(), {label, summary.scenario, true, "", {}});
    if (!summary.right) {
      series->right = false;
      if (series->why_not_ranked.empty()) series->why_not_ranked = summary.why_not_ranked;
    }
    series->points.push_back({x, &summary, i, 0, false, times.of(summary)});
  }
  // Trials ran in random order; panels stand in the scenarios'.
  std::map<std::string, std::size_t> places;
  for (const auto& scenario : run.scenarios) places.emplace(scenario.family(), places.size());
  std::ranges::sort(panels, {}, [&](const SpeedPanel& panel) { return std::pair(places[panel.family], panel.title); });
  for (auto& panel : panels) {
    std::ranges::sort(panel.xs);
    for (auto& series : panel.series)
      std::ranges::sort(series.points, {}, [](const auto& point) { return std::pair(point.x, point.position); });
    rank(panel);
    order(panel);
  }
  return panels;
}

}  // namespace chicane::reports
