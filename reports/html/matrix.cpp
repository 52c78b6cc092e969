// Scenario × lane: the verdict in words and shape, and under it what it saw.
#include <fmt/format.h>

#include "reports/figures.h"
#include "reports/html/sections.h"
#include "reports/places.h"

namespace chicane::reports {
namespace {

const Occurrence* occurrence_in(const FindingView& view, const ScenarioVerdict& verdict) {
  for (const auto& one : view.occurrences)
    if (one.scenario_id == verdict.scenario && one.lane == verdict.lane) return &one;
  return nullptr;
}

void write_seen(Markup& html, const PageContext& page, const ScenarioVerdict& verdict, const std::string& id,
                bool declared) {
  const auto* view = page.reading.finding(id);
  if (view == nullptr) return;
  const auto line = html.element("div", {{"class", declared ? "seen" : "seen undeclared"}});
  if (!declared) html.text("undeclared: ");
  html.leaf("a", {{"href", "#" + id}}, title_of(*view->finding));
  if (const auto* occurrence = occurrence_in(*view, verdict)) {
    html.text(" ");
    html.leaf("span", {{"class", "often"}}, fmt::format("{} of {}", count(occurrence->seen), count(occurrence->of)));
  }
}

void write_cell(Markup& html, const PageContext& page, const Scenario& scenario, Lane lane) {
  const auto* verdict = page.reading.verdict(scenario.id, lane);
  const auto cell = html.element("td", {{"data-label", name(lane)}});
  if (verdict == nullptr) {
    html.leaf("span", {{"class", "muted"}}, "not asked for");
    return;
  }
  {
    const auto path = fmt::format("verdicts/{}", page.reading.verdict_position(*verdict));
    const auto titled = html.element("span", {{"title", path}});
    write_badge(html, verdict->verdict);
  }
  for (const auto& id : verdict->undeclared) write_seen(html, page, *verdict, id, false);
  for (const auto& id : verdict->declared) write_seen(html, page, *verdict, id, true);
  if (verdict->verdict != Verdict::pass && verdict->undeclared.empty())
    html.leaf("div", {{"class", "seen"}}, verdict->why);
  if (const auto how = page.reading.judged_as(scenario.id, lane); !how.empty())
    html.leaf("div", {{"class", "seen"}}, "judged as " + how);
}

void write_row(Markup& html, const PageContext& page, const Scenario& scenario) {
  const auto row = html.element("tr", {{"id", scenario_anchor(page.reading, scenario.id)}});
  {
    const auto head = html.element("th", {{"scope", "row"}});
    html.leaf("span", {{"class", "name"}}, scenario.id.substr(scenario.id.find('/') + 1));
    if (!scenario.says.empty()) html.leaf("div", {{"class", "says"}}, scenario.says);
  }
  {
    const auto cell = html.element("td", {{"class", "expects"}, {"data-label", "declared"}});
    html.text(words_of(scenario.expectation));
  }
  for (const auto lane : page.reading.run().lanes) write_cell(html, page, scenario, lane);
}

void write_matrix_table(Markup& html, const PageContext& page) {
  const auto& run = page.reading.run();
  const auto table = html.element("table", {{"class", "matrix"}});
  html.leaf("caption", "Each scenario in each lane. A pass means: as declared, no more and no less.");
  {
    const auto head = html.element("thead");
    const auto row = html.element("tr");
    html.leaf("th", {{"scope", "col"}}, "Scenario");
    html.leaf("th", {{"scope", "col"}}, "Declared");
    for (const auto lane : run.lanes) html.leaf("th", {{"scope", "col"}}, name(lane));
  }
  for (const auto& family : page.reading.families()) {
    html.newline();
    const auto body = html.element("tbody");
    {
      const auto row = html.element("tr", {{"class", "family"}});
      html.leaf("th", {{"scope", "rowgroup"}, {"colspan", std::to_string(2 + run.lanes.size())}}, family);
    }
    for (const auto& scenario : run.scenarios) {
      if (scenario.family() != family) continue;
      html.newline();
      write_row(html, page, scenario);
    }
  }
}

// What a verdict rests on, for whoever wants to know; folded.
void write_reasons(Markup& html, const PageContext& page) {
  const auto details = html.element("details", {{"class", "fold"}});
  html.leaf("summary", "What each verdict rests on");
  const auto scroll = scrolling(html, "What each verdict rests on");
  const auto table = html.element("table", {{"class", "reasons"}});
  {
    const auto head = html.element("thead");
    const auto row = html.element("tr");
    for (const auto* title : {"Scenario", "Lane", "Verdict", "Why", "Rests on"})
      html.leaf("th", {{"scope", "col"}}, title);
  }
  const auto body = html.element("tbody");
  for (const auto& verdict : page.reading.run().verdicts) {
    const auto path = fmt::format("verdicts/{}", page.reading.verdict_position(verdict));
    html.newline();
    const auto row = html.element("tr");
    html.leaf("th", {{"scope", "row"}}, verdict.scenario);
    html.leaf("td", name(verdict.lane));
    {
      const auto cell = html.element("td");
      write_badge(html, verdict.verdict);
    }
    {
      const auto cell = html.element("td", {{"title", path + "/why"}});
      html.text(verdict.why);
      for (const auto& detail : verdict.detail) {
        if (detail.verdict == verdict.verdict && detail.why == verdict.why) continue;
        html.leaf("div", {{"class", "seen"}},
                  fmt::format("{} ({}): {} {}", words_of(detail.parameters), plural(detail.trials, "trial"),
                              words_of(detail.verdict), detail.why.empty() ? "" : "– " + detail.why));
      }
    }
    const auto cell = html.element("td", {{"title", path + "/confidence"}});
    html.text(verdict.confidence.says.empty() ? plural(verdict.confidence.processes, "process", "processes")
                                              : verdict.confidence.says);
  }
}

}  // namespace

void write_matrix(Markup& html, const PageContext& page) {
  const auto section = html.element("section", {{"id", "verdicts"}});
  html.leaf("h2", "Verdicts");
  write_matrix_table(html, page);
  html.newline();
  write_reasons(html, page);
  html.newline();
}

}  // namespace chicane::reports
