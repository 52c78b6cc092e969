// What litmus scenarios came to: for each of them a table, outcomes by how workers were placed.
#include "reports/outcomes.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "reports/figures.h"
#include "reports/html/sections.h"

namespace chicane::reports {
namespace {

void write_table(Markup& html, const Scenario& scenario, const OutcomeTable& table) {
  const auto scroll = scrolling(html, "Outcomes of " + scenario.id);
  const auto element = html.element("table");
  html.leaf("caption", fmt::format("{}: {}", scenario.id, scenario.says));
  {
    const auto head = html.element("thead");
    const auto row = html.element("tr");
    html.leaf("th", {{"scope", "col"}}, "Outcome");
    html.leaf("th", {{"scope", "col"}}, "Grade");
    for (const auto& column : table.columns) html.leaf("th", {{"scope", "col"}}, words_of(column));
    html.leaf("th", {{"scope", "col"}}, "Why");
  }
  const auto body = html.element("tbody");
  for (const auto& row : table.rows) {
    html.newline();
    const auto element_row = html.element("tr");
    html.leaf("th", {{"scope", "row"}}, row.outcome);
    html.leaf("td", name(row.grade));
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      html.leaf("td", share_in_words(row.counts[i], table.columns[i].turns));
    html.leaf("td", row.reason);
  }
}

}  // namespace

void write_outcomes(Markup& html, const PageContext& page) {
  const auto& run = page.reading.run();
  bool first = true;
  for (const auto& scenario : run.scenarios) {
    const auto table = outcome_table(run, scenario);
    if (table.columns.empty()) continue;
    if (first) {
      html.raw("<section id=\"outcomes\">");
      html.leaf("h2", "Outcomes");
      html.leaf(
          "p", {{"class", "muted"}},
          "Turns of litmus scenarios by their outcome and by how the actors were pinned. An interesting outcome is "
          "allowed by the memory model, but by no interleaving; one that is forbidden or not declared fails.");
    }
    first = false;
    html.newline();
    write_table(html, scenario, table);
  }
  if (!first) html.raw("</section>\n");
}

}  // namespace chicane::reports
