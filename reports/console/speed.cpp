#include "reports/console/speed.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/figures.h"
#include "reports/scaling.h"
#include "reports/speed_panels.h"
#include "reports/visible.h"

namespace chicane::reports {
namespace {

constexpr std::size_t gap = 2;

std::string cell(const SpeedPoint* point) {
  const auto* time = point == nullptr ? nullptr : time_per_operation(*point);
  if (time == nullptr) return "";
  const auto scale = scale_for(time->median, Unit::nanoseconds);
  const auto between = interval(*time, scale);
  return between.empty() ? figure(time->median, scale)
                         : fmt::format("{} {} [{}]", number(time->median, scale), scale.unit, between);
}

// As many columns as fit, then the table goes on below.
void write_block(Paper& paper, const SpeedPanel& panel, std::size_t label_width, const std::vector<std::int64_t>& xs,
                 const std::vector<std::size_t>& column_widths) {
  std::vector<std::size_t> widths{label_width};
  std::vector<Cell> head{{"  " + panel.x_name, Ink::faint}};
  for (std::size_t i = 0; i < xs.size(); ++i) {
    const bool over = std::ranges::any_of(panel.series, [&](const auto& series) {
      const auto* point = series.at(xs[i]);
      return point != nullptr && point->summary->oversubscribed;
    });
    head.push_back({fmt::format("{}{}", xs[i], over ? "*" : ""), Ink::faint});
    widths.push_back(column_widths[i]);
  }
  paper.row(head, widths);
  for (const auto& series : panel.series) {
    if (std::ranges::none_of(xs, [&](auto x) { return series.at(x) != nullptr; })) continue;
    std::vector<Cell> cells{
        {fmt::format("{} {}", series.right ? " " : "✗", series.label), series.right ? Ink::plain : Ink::faint}};
    for (const auto x : xs) cells.push_back({cell(series.at(x)), series.right ? Ink::plain : Ink::faint});
    paper.row(cells, widths);
  }
}

void write_panel(Paper& paper, const SpeedPanel& panel) {
  std::size_t label_width = panel.x_name.size() + 4;
  for (const auto& series : panel.series) label_width = std::max(label_width, columns(visible(series.label)) + 4);
  label_width = std::min(label_width, paper.width() / 2);
  paper.paragraph(panel.title.empty() ? panel.family : fmt::format("{}, {}", panel.family, panel.title), 0, 2);
  std::vector<std::int64_t> xs;
  std::vector<std::size_t> widths;
  std::size_t used = label_width;
  for (const auto x : panel.xs) {
    std::size_t wide = 4;
    for (const auto& series : panel.series) wide = std::max(wide, columns(cell(series.at(x))) + gap);
    if (!xs.empty() && used + wide - gap > paper.width()) {
      write_block(paper, panel, label_width, xs, widths);
      xs.clear(), widths.clear(), used = label_width;
    }
    xs.push_back(x), widths.push_back(wide), used += wide;
  }
  write_block(paper, panel, label_width, xs, widths);
}

// Those that were found; the others' reasons are in the other reports.
void write_fits(Paper& paper, const Run& run) {
  const auto found = [](const Fit& fit) { return fit.contention.has_value(); };
  if (std::ranges::none_of(run.fits, found)) return;
  paper.line();
  paper.line("Scaling: the Universal Scalability Law [95 % intervals]", Ink::strong);
  for (const auto& fit : run.fits)
    if (found(fit)) paper.paragraph(fmt::format("{}: {}", name_of(fit), words_of(fit)), 2, 4);
}

}  // namespace

void write_speed(Paper& paper, const Run& run) {
  const auto panels = speed_panels(run);
  if (panels.empty()) return;
  paper.line();
  paper.line("Time per operation: median [95 % interval]", Ink::strong);
  bool wrong = false, over = false;
  for (const auto& panel : panels) {
    write_panel(paper, panel);
    for (const auto& series : panel.series) {
      wrong |= !series.right;
      for (const auto& point : series.points) over |= point.summary->oversubscribed;
    }
  }
  if (over) paper.paragraph("* oversubscribed: more workers than cores", 2, 2, Ink::faint);
  if (wrong) paper.paragraph("✗ not right, so its speed does not count", 2, 2, Ink::faint);
  write_fits(paper, run);
}

}  // namespace chicane::reports
