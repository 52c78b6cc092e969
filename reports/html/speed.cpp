// How fast: a panel for each family, whose charts report.js draws from the panel's tables, so that both tell the same.
#include <fmt/format.h>

#include "reports/html/sections.h"
#include "reports/html/speed_tables.h"

namespace chicane::reports {

void write_speed(Markup& html, const PageContext& page) {
  const auto& run = page.reading.run();
  const auto section = html.element("section", {{"id", "speed"}});
  html.leaf("h2", "Speed");
  if (page.panels.empty()) {
    html.leaf("p", {{"class", "muted"}}, "This run measured no speed.");
    return;
  }
  html.leaf(
      "p", {{"class", "muted"}},
      "Right answers are ranked at an equal number of workers; ≈ marks one whose interval overlaps that of the rank "
      "before it, so that this run shows no difference. Wrong answers are struck out and never ranked.");
  const auto cores = run.hosts.empty() ? 0 : run.hosts.front().cores;
  for (const auto& panel : page.panels) {
    html.newline();
    const auto card = html.element("article", {{"class", "card panel"}});
    html.leaf("h3", panel.title.empty() ? panel.family : fmt::format("{}, {}", panel.family, panel.title));
    html.leaf("div", {{"class", "charts"}}, "");
    write_times(html, panel, cores);
    write_counters(html, panel);
    write_scaling(html, panel, cores);
    write_fits(html, panel, run);
    write_measures(html, panel);
  }
  html.newline();
}

}  // namespace chicane::reports
