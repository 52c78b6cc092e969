// Times over many runs: a line for each scenario, with the levels that change points part.
#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include <fmt/format.h>

#include "reports/figures.h"
#include "reports/html/sections.h"

namespace chicane::reports {
namespace {

constexpr double line_width = 360, line_height = 56, edge = 6;  // in a picture's own units

// One line has a scale of its own, no narrower than 4 % of what it shows: noise is not to look like a change.
class LineScale {
 public:
  explicit LineScale(const HistoryLine& line) : points_(line.points.size()) {
    for (const auto& point : line.points)
      for (const auto value : {point.value.median, point.value.low.value_or(point.value.median),
                               point.value.high.value_or(point.value.median)})
        low_ = std::min(low_, value), high_ = std::max(high_, value);
    const double centre = (low_ + high_) / 2, least = std::max(0.02 * std::abs(centre), 1e-12);
    low_ = std::min(low_, centre - least), high_ = std::max(high_, centre + least);
  }
  double x(std::size_t at) const {
    const double share = points_ < 2 ? 0.5 : static_cast<double>(at) / static_cast<double>(points_ - 1);
    return edge + share * (line_width - 2 * edge);
  }
  double between(std::size_t at) const { return (x(at == 0 ? 0 : at - 1) + x(at)) / 2; }
  double y(double value) const {
    return line_height - edge - (value - low_) / (high_ - low_) * (line_height - 2 * edge);
  }
  double low() const { return low_; }
  double high() const { return high_; }

 private:
  std::size_t points_;
  double low_ = std::numeric_limits<double>::infinity(), high_ = -low_;
};

void write_levels(Markup& html, const HistoryLine& line, const LineScale& scale) {
  const auto level = [&](double value, double from, double to) {
    html.raw(fmt::format(R"(<line class="level" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>)", from, to,
                         scale.y(value), scale.y(value)));
  };
  for (std::size_t i = 0; i < line.changes.size(); ++i) {
    const auto& change = line.changes[i];
    const auto at = scale.between(change.at);
    const auto next = i + 1 < line.changes.size() ? scale.between(line.changes[i + 1].at) : line_width;
    if (i == 0) level(change.before, 0, at);
    level(change.after, at, next);
    html.raw(fmt::format(R"(<line class="{}" x1="{:.1f}" x2="{:.1f}" y1="0" y2="{}"/>)",
                         change.worse ? "worse" : "better", at, at, line_height));
  }
}

void write_line(Markup& html, const HistoryLine& line, const Run& run) {
  const LineScale scale(line);
  const auto figures = scale_for(scale.high(), unit_of(line.measure));
  auto words =
      fmt::format("{} from {} to {}, between {} and {}", plural(line.points.size(), "run"), line.points.front().started,
                  line.points.back().started, figure(scale.low(), figures), figure(scale.high(), figures));
  html.raw(
      fmt::format(R"(<svg viewBox="0 0 {} {}" role="img" aria-label="{}">)", line_width, line_height, escaped(words)));
  write_levels(html, line, scale);
  // All points as one shape: a page may have ten thousand of them. A line of no length with round ends is a dot.
  std::string intervals, right, wrong, now;
  for (std::size_t i = 0; i < line.points.size(); ++i) {
    const auto& point = line.points[i];
    const auto x = scale.x(i);
    if (point.value.low && point.value.high)
      intervals += fmt::format("M{:.1f} {:.1f}V{:.1f}", x, scale.y(*point.value.low), scale.y(*point.value.high));
    (point.run == run.id ? now
     : point.right       ? right
                         : wrong) += fmt::format("M{:.1f} {:.1f}h0", x, scale.y(point.value.median));
  }
  for (const auto& [look, shape] : {std::pair("interval", &intervals), std::pair("dots", &right),
                                    std::pair("dots wrong", &wrong), std::pair("dots now", &now)})
    if (!shape->empty()) html.raw(fmt::format(R"(<path class="{}" d="{}"/>)", look, *shape));
  html.raw("</svg>");
}

void write_row(Markup& html, const HistoryLine& line, const Run& run) {
  const auto row = html.element("tr");
  html.leaf("th", {{"scope", "row"}}, line.says);
  {
    const auto cell = html.element("td");
    write_line(html, line, run);
  }
  {
    const auto cell = html.element("td", {{"class", "number"}});
    const auto& value = line.points.back().value;
    const auto scale = scale_for(value.median, unit_of(line.measure));
    html.text(figure(value.median, scale));
    if (const auto between = interval(value, scale); !between.empty()) html.leaf("p", between);
  }
  html.leaf("td", {{"class", "number"}}, count(line.points.size()));
  const auto cell = html.element("td");
  const bool right = line.points.back().right;
  if (!right)
    html.leaf("span", {{"class", "muted"}}, "not right in its last run: no speed to compare");
  else if (line.changes.empty())
    html.leaf("span", {{"class", "muted"}}, "none seen");
  for (const auto& change : line.changes) {
    const auto& since = line.points[change.at];
    if (right) write_badge(html, change.worse ? "fail down" : "pass up", change.worse ? "worse" : "better");
    html.leaf("p", fmt::format("{}, since {}, commit {}", change.says, since.started, since.commit));
  }
}

}  // namespace

void write_history(Markup& html, const PageContext& page) {
  if (page.parts.history.empty()) return;
  const auto section = html.element("section", {{"id", "history"}});
  html.leaf("h2", "History");
  html.leaf(
      "p", {{"class", "muted"}},
      fmt::format(
          "Wall time per operation over the runs of {} on hosts of this kind, the oldest on the left, each line on a "
          "scale of its own: medians with 95 % intervals, levels, and change points between them. The larger point "
          "is this run, grey ones are of answers that were not right. Lines that changed come first; of a hundred "
          "that did not change, at most one shows a change.",
          page.parts.history_file));
  std::vector<const HistoryLine*> lines;
  for (const auto& line : page.parts.history) lines.push_back(&line);
  std::ranges::sort(lines, {}, [](const auto* line) {
    return std::tuple(line->changes.empty() || !line->points.back().right,
                      !line->changes.empty() && !line->changes.back().worse, line);
  });
  const auto region = scrolling(html, "History");
  const auto table = html.element("table", {{"class", "history"}});
  {
    const auto head = html.element("thead");
    const auto row = html.element("tr");
    for (const auto& [title, look] :
         {std::pair("Scenario", ""), std::pair("Over the runs", ""), std::pair("Last", "number"),
          std::pair("Runs", "number"), std::pair("Changes", "")})
      html.leaf("th", {{"scope", "col"}, {"class?", look}}, title);
  }
  const auto body = html.element("tbody");
  for (const auto* line : lines) {
    html.newline();
    write_row(html, *line, page.reading.run());
  }
}

}  // namespace chicane::reports
