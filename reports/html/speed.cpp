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
      "Wall time per operation over all workers: the median over rounds, below it its 95 % interval. Right answers are "
      "ranked at an equal number of workers; ≈ marks one that this run does not show to be slower than the rank before "
      "it. Wrong answers are struck out and never ranked. Ratios are medians over rounds of what both took in "
      "one "
      "round, with their 95 % intervals; where fewer than six rounds have both, with the ends of two intervals (at "
      "least "
      "90\u00a0%).");
  if (!run.fits.empty())
    html.leaf(
        "p", {{"class", "muted"}},
        "Laws of scalability are the Universal Scalability Law, throughput = λn / (1 + σ(n−1) + κn(n−1)), fitted to "
        "the medians at all sizes n, with 95 % intervals; a peak is told only where κ's interval does not span 0.");
  const auto cores = run.hosts.empty() ? 0 : run.hosts.front().cores;
  auto first = page.panels.begin();  // of its family
  for (auto at = page.panels.begin(); at != page.panels.end(); ++at) {
    const auto& panel = *at;
    if (panel.family != first->family) first = at;
    html.newline();
    const auto card = html.element("article", {{"class", "card panel"}});
    html.leaf("h3", panel.title.empty() ? panel.family : fmt::format("{}, {}", panel.family, panel.title));
    html.leaf("div", {{"class", "charts"}}, "");
    write_times(html, panel, cores);
    write_by_hand(html, panel, run);
    write_beside_best(html, panel);
    write_counters(html, panel);
    write_scaling(html, panel, cores);
    write_fits(html, panel, run);
    if (at + 1 == page.panels.end() || (at + 1)->family != panel.family) write_measures(html, {first, at + 1});
  }
  html.newline();
}

}  // namespace chicane::reports
