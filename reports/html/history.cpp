// Times over many runs: a table with a row for each scenario and a column for each run, from which report.js draws a
// line with the levels that change points part.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "reports/figures.h"
#include "reports/html/sections.h"

namespace chicane::reports {
namespace {

constexpr std::size_t most_runs = 200;  // beyond, points would share a pixel, and the page would not stay small

// A column for each run that some line has a point of, the newest first.
class Columns {
 public:
  explicit Columns(const std::vector<HistoryLine>& lines) {
    for (const auto& line : lines)
      for (const auto& point : line.points) places_.emplace(key_of(point), 0);
    runs_ = places_.size();
    std::size_t place = 0;
    for (auto& [run, own] : places_) own = place++;
    while (places_.size() > most_runs) places_.erase(std::prev(places_.end()));
  }
  struct Key {
    std::string_view started, run, commit;
    auto operator<=>(const Key&) const = default;
  };
  // Of runs that are left out, too.
  std::size_t runs() const { return runs_; }
  std::size_t size() const { return places_.size(); }
  const std::map<Key, std::size_t, std::greater<>>& all() const { return places_; }
  // nullptr: its run is left out.
  const std::size_t* of(const HistoryLine::Point& point) const {
    const auto found = places_.find(key_of(point));
    return found == places_.end() ? nullptr : &found->second;
  }

 private:
  static Key key_of(const HistoryLine::Point& point) { return {point.started, point.run, point.commit}; }
  std::map<Key, std::size_t, std::greater<>> places_;
  std::size_t runs_ = 0;
};

// One unit for a line, and as many digits as a picture of it can show.
Scale scale_of(const HistoryLine& line) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  const double least =
      std::ranges::min(line.points, {}, [](const auto& point) { return point.value.median; }).value.median;
  for (const auto& point : line.points)
    for (const auto value : {point.value.median, point.value.low.value_or(point.value.median),
                             point.value.high.value_or(point.value.median)})
      low = std::min(low, value), high = std::max(high, value);
  auto scale = scale_for(least, unit_of(line.measure));
  const double range = std::max(high - low, 0.04 * std::abs(high)) / scale.divisor;
  if (range > 0 && std::isfinite(range))
    scale.decimals = static_cast<int>(std::clamp(std::ceil(-std::log10(range / 50)), 0.0, 6.0));
  return scale;
}

// "45.8 -1.7+3.4": from 44.1 to 49.2.
std::string in_short(const Estimate& value, const Scale& scale) {
  auto text = number(value.median, scale);
  if (value.low && value.high)
    text += fmt::format(" -{}+{}", number(value.median - *value.low, scale), number(*value.high - value.median, scale));
  return text;
}

void write_changes(Markup& html, const HistoryLine& line, const Columns& columns, const Scale& scale) {
  if (!line.points.back().right) {
    html.leaf("td", "not right in its last run: no speed to compare");
    return;
  }
  if (line.changes.empty()) {
    html.leaf("td", "none");
    return;
  }
  const auto cell = html.element("td");
  for (const auto& change : line.changes) {
    const auto& since = line.points[change.at];
    write_badge(html, change.worse ? "fail down" : "pass up", change.worse ? "worse" : "better");
    const auto* column = columns.of(since);
    const auto level = [&](double value) {
      return column == nullptr ? std::string() : fmt::format("{:.5g}", value / scale.divisor);
    };
    html.leaf("p",
              {{"data-at?", column == nullptr ? "" : std::to_string(*column)},
               {"data-before?", level(change.before)},
               {"data-after?", level(change.after)},
               {"data-worse?", column != nullptr && change.worse ? "1" : ""}},
              fmt::format("{}, since {}, commit {}", change.says, since.started, since.commit));
  }
}

void write_row(Markup& html, const HistoryLine& line, const Columns& columns) {
  const auto scale = scale_of(line);
  const bool all_wrong = std::ranges::none_of(line.points, &HistoryLine::Point::right);
  const auto row = html.element("tr", {{"class?", all_wrong ? "wrong" : ""}});
  html.leaf("th", line.says);
  {
    const auto cell = html.element("td");
    const auto& value = line.points.back().value;
    html.text(figure(value.median, scale));
    if (const auto between = interval(value, scale); !between.empty()) html.paragraph(between);
  }
  write_changes(html, line, columns, scale);
  std::vector<const HistoryLine::Point*> points(columns.size());
  for (const auto& point : line.points)
    if (const auto* column = columns.of(point); column != nullptr) points[*column] = &point;
  for (const auto* point : points) {
    const auto cell = html.element("td");
    if (point == nullptr) continue;
    if (point->right || all_wrong)
      html.text(in_short(point->value, scale));
    else
      html.leaf("s", in_short(point->value, scale));
  }
}

void write_heading(Markup& html, const Columns& columns, const Run& run) {
  const auto head = html.element("thead");
  const auto row = html.element("tr");
  for (const auto* title : {"Scenario", "Last", "Changes"}) html.leaf("th", {{"scope", "col"}}, title);
  for (const auto& [of, place] : columns.all()) {
    const bool now = of.run == run.id;
    const auto column = html.element("th", {{"scope", "col"}, {"class?", now ? "now" : ""}});
    html.text(of.started);
    html.paragraph(fmt::format("commit {}{}", of.commit, now ? ", this run" : ""));
  }
}

}  // namespace

void write_history(Markup& html, const PageContext& page) {
  if (page.parts.history.empty()) return;
  const Columns columns(page.parts.history);
  const auto section = html.element("section", {{"id", "history"}});
  html.leaf("h2", "History");
  html.leaf(
      "p", {{"class", "muted"}},
      fmt::format("Wall time per operation over {}{} of {} on hosts of this kind. Of each run the median with its "
                  "95 % interval, in the unit of the last one: 45.8 -1.7+3.4 is from 44.1 to 49.2. Struck out: "
                  "the answer was not right. What changed comes first; of a hundred that did not change, at "
                  "most one shows a change.",
                  columns.runs() > columns.size() ? fmt::format("the last {} of ", count(columns.size())) : "",
                  plural(columns.runs(), "run"), page.parts.history_file));
  std::vector<const HistoryLine*> lines;
  for (const auto& line : page.parts.history) lines.push_back(&line);
  std::ranges::sort(lines, {}, [](const auto* line) {
    return std::tuple(line->changes.empty() || !line->points.back().right,
                      !line->changes.empty() && !line->changes.back().worse, line);
  });
  const auto region = scrolling(html, "History");
  const auto table = html.element("table", {{"class", "history"}});
  write_heading(html, columns, page.reading.run());
  const auto body = html.element("tbody");
  for (const auto* line : lines) {
    html.newline();
    write_row(html, *line, columns);
  }
}

}  // namespace chicane::reports
