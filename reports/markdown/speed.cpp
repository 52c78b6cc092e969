#include "reports/markdown/speed.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "reports/figures.h"
#include "reports/markdown/escape.h"

namespace chicane::reports::markdown {
namespace {

// A table that is wider or longer is not read in a comment.
constexpr std::size_t most_columns = 8, most_rows = 40;
constexpr std::size_t most_of_a_name = 100, most_of_a_reason = 160;

std::string time_cell(const SpeedPoint* point) {
  const auto* time = point == nullptr ? nullptr : time_per_operation(*point);
  if (time == nullptr) return "";
  const auto scale = scale_for(time->median, Unit::nanoseconds);
  const auto between = interval(*time, scale);
  return between.empty() ? figure(time->median, scale)
                         : fmt::format("{} \\[{}\\]", figure(time->median, scale), between);
}

bool is_oversubscribed(const SpeedPanel& panel, std::int64_t x) {
  return std::ranges::any_of(panel.series, [x](const SpeedSeries& series) {
    const auto* point = series.at(x);
    return point != nullptr && point->summary->oversubscribed;
  });
}

std::string first_cell(const SpeedSeries& series) {
  if (series.right) return prose(series.label, most_of_a_name);
  const auto why = series.why_not_ranked.empty() ? std::string("not right") : series.why_not_ranked;
  return fmt::format("<del>{}</del> ✗ {}", prose(series.label, most_of_a_name), prose(why, most_of_a_reason));
}

std::string table_of(const SpeedPanel& panel) {
  auto text = panel.title.empty() ? std::string() : fmt::format("**{}**\n\n", prose(panel.title, 2 * most_of_a_name));
  const std::vector<std::int64_t> xs(panel.xs.begin(),
                                     panel.xs.begin() + static_cast<long>(std::min(most_columns, panel.xs.size())));
  bool over = false;
  text += fmt::format("| {} |", prose(panel.x_name, most_of_a_name));
  for (const auto x : xs) {
    const bool here = is_oversubscribed(panel, x);
    over |= here;
    text += fmt::format(" {}{} |", x, here ? " \\*" : "");
  }
  text += "\n|---|";
  for (std::size_t i = 0; i < xs.size(); ++i) text += "--:|";
  text += "\n";
  for (std::size_t i = 0; i < std::min(most_rows, panel.series.size()); ++i) {
    text += fmt::format("| {} |", first_cell(panel.series[i]));
    for (const auto x : xs) text += fmt::format(" {} |", time_cell(panel.series[i].at(x)));
    text += "\n";
  }
  std::string below;
  if (over) below += " \\* more workers than cores.";
  if (panel.series.size() > most_rows)
    below += fmt::format(" {} more rows are left out.", count(panel.series.size() - most_rows));
  if (panel.xs.size() > most_columns)
    below += fmt::format(" {} more columns are left out.", count(panel.xs.size() - most_columns));
  return below.empty() ? text + "\n" : text + fmt::format("\n{}\n\n", below.substr(1));
}

}  // namespace

std::string speed_block(std::span<const SpeedPanel> panels) {
  std::set<std::string_view> scenarios;
  for (const auto& panel : panels)
    for (const auto& series : panel.series) scenarios.insert(series.scenario);
  auto text = fmt::format("<details>\n<summary>{}: {}</summary>\n\n", prose(panels.front().family, most_of_a_name),
                          plural(scenarios.size(), "scenario"));
  for (const auto& panel : panels) text += table_of(panel);
  return text + "</details>\n\n";
}

}  // namespace chicane::reports::markdown
