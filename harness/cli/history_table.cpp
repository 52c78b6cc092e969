#include "harness/cli/history_table.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "harness/judge/wording.h"
#include "reports/console/paper.h"
#include "reports/figures.h"
#include "reports/visible.h"

namespace chicane {
namespace {

// A column's text, filled up with spaces to its width.
std::string in_column(const std::string& text, std::size_t width, bool to_the_right = false) {
  auto shown = cut_to_columns(text, width);
  const std::string spaces(width - reports::columns(shown), ' ');
  return to_the_right ? spaces + shown : shown + spaces;
}

std::string row_of(const std::string& run, const std::string& commit, const std::string& median,
                   const std::string& interval, const std::string& rounds) {
  auto line = fmt::format("  {}  {}  {}  {}  {}", in_column(run, 20), in_column(commit, 12),
                          in_column(median, 11, true), in_column(interval, 17, true), in_column(rounds, 6, true));
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

// "2026-01-01 00:00:00"; other texts as they are.
std::string readable_time(std::string text) {
  if (text.size() == 20 && text[10] == 'T' && text.back() == 'Z') {
    text[10] = ' ';
    text.pop_back();
  }
  return text;
}

double largest(const HistorySeries& series) {
  double most = 0;
  for (const auto& point : series.points) most = std::max(most, std::fabs(point.value.median));
  return most;
}

}  // namespace

std::string cut_to_columns(const std::string& text, std::size_t columns) {
  auto shown = reports::visible(text);
  while (reports::columns(shown) > columns) {
    while (!shown.empty() && (static_cast<unsigned char>(shown.back()) & 0xc0) == 0x80) shown.pop_back();
    if (!shown.empty()) shown.pop_back();
  }
  return shown;
}

std::string history_paragraph(const std::string& text, std::size_t indent) {
  reports::Paper paper({.width = 80});
  paper.paragraph(reports::visible(text), indent, 2);
  return std::move(paper).take();
}

std::string series_in_words(const HistorySeries& series) {
  return fmt::format("{}, {}: {}", series.scenario, in_words(series.parameters), reports::label_of(series.measure));
}

std::string change_in_words(const Change& change, const std::string& measure) {
  const auto unit = reports::unit_of(measure);
  const bool worse = more_is_better(measure) ? change.after < change.before : change.after > change.before;
  const auto levels = fmt::format("{} → {}, p {:.2g}", reports::figure(change.before, unit),
                                  reports::figure(change.after, unit), change.p_value);
  if (!(change.before > 0 && change.after > 0)) return fmt::format("{}: {}", worse ? "worse" : "better", levels);
  return fmt::format("{} by {:.1f} %: {}", worse ? "worse" : "better",
                     100 * std::fabs(change.after / change.before - 1), levels);
}

std::string history_table(const HistorySeries& series, const std::vector<Change>& changes, std::size_t rows,
                          const std::string& verdicts) {
  auto text = history_paragraph(series_in_words(series));
  auto facts = fmt::format("{} on {} (host {}), {}", reports::plural(series.points.size(), "run"),
                           series.cpu.empty() ? "an unknown CPU" : series.cpu, series.host,
                           changes.empty() ? "no change" : reports::plural(changes.size(), "change"));
  if (series.points.size() < fewest_runs)
    facts = fmt::format("{} on {} (host {}): below {} no change is looked for",
                        reports::plural(series.points.size(), "run"),
                        series.cpu.empty() ? "an unknown CPU" : series.cpu, series.host, fewest_runs);
  text += history_paragraph(facts, 2);
  if (!verdicts.empty()) text += history_paragraph(verdicts, 2);
  if (!series.points.empty() && !series.points.back().right)
    text += history_paragraph("not right in its last run (a finding, or declared to show one): no speed to compare", 2);
  const std::size_t first = series.points.size() > rows ? series.points.size() - rows : 0;
  if (first > 0) text += fmt::format("  (the {} runs before are left out)\n", first);

  const auto scale = reports::scale_for(largest(series), reports::unit_of(series.measure));
  text += row_of("run started (UTC)", "commit", "median", "95 % interval", "rounds");
  for (std::size_t i = 0; i < series.points.size(); ++i) {
    for (const auto& change : changes)
      // One that lies before the rows that are shown stands above them.
      if (change.at == i)
        text += fmt::format("--{} --\n", cut_to_columns(" " + change_in_words(change, series.measure), 74));
    if (i < first) continue;
    const auto& point = series.points[i];
    text += row_of(readable_time(point.started), point.commit, reports::figure(point.value.median, scale),
                   reports::interval(point.value, scale), std::to_string(point.value.rounds));
  }
  return text;
}

}  // namespace chicane
