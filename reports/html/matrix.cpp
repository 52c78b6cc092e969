// Scenario × lane: the verdict in words and shape, and under it what it saw.
#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

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
  const auto line = html.element("p", {{"class?", declared ? "" : "undeclared"}});
  if (!declared) html.text("undeclared: ");
  {
    const auto link = html.element("a", {{"href", "#" + id}});
    html.names(title_of(*view->finding));
  }
  if (const auto* occurrence = occurrence_in(*view, verdict)) {
    html.text(" ");
    html.leaf("i", fmt::format("{} of {}", count(occurrence->seen), count(occurrence->of)));
  }
}

std::string rests_on(const ScenarioVerdict& verdict) {
  return verdict.confidence.says.empty() ? plural(verdict.confidence.processes, "process", "processes")
                                         : verdict.confidence.says;
}

// A badge as in the long tables, where it stands ten thousand times.
void write_short_badge(Markup& html, Verdict verdict) { html.leaf("b", {{"class", name(verdict)}}, words_of(verdict)); }

void write_cell(Markup& html, const PageContext& page, const Scenario& scenario, Lane lane, bool row_has_path) {
  const auto* verdict = page.reading.verdict(scenario.id, lane);
  if (verdict == nullptr) {
    html.leaf("td", {{"class", "muted"}}, "not asked for");
    return;
  }
  const auto path = fmt::format("verdicts/{}", page.reading.verdict_position(*verdict));
  const auto cell = html.element("td", {{row_has_path ? "" : "title", path}});
  write_short_badge(html, verdict->verdict);
  for (const auto& id : verdict->undeclared) write_seen(html, page, *verdict, id, false);
  for (const auto& id : verdict->declared) write_seen(html, page, *verdict, id, true);
  if (verdict->verdict != Verdict::pass && verdict->undeclared.empty()) {
    const auto why = html.element("p");
    html.names(verdict->why);
  }
  if (const auto how = page.reading.judged_as(scenario.id, lane); !how.empty()) html.paragraph("judged as " + how);
}

// Of the row that has its reasons: "w3" beside "s3".
std::string reasons_anchor(const Reading& reading, std::string_view scenario) {
  return "w" + scenario_anchor(reading, scenario).substr(1);
}

bool are_consecutive(const std::vector<std::size_t>& positions) {
  return std::ranges::adjacent_find(positions, [](auto one, auto next) { return next != one + 1; }) == positions.end();
}
// "verdicts/5", "verdicts/5 to 9", "verdicts/5, verdicts/7"
std::string paths_of(const std::vector<std::size_t>& positions) {
  if (positions.size() > 1 && are_consecutive(positions))
    return fmt::format("verdicts/{} to {}", positions.front(), positions.back());
  return fmt::format("verdicts/{}", fmt::join(positions, ", verdicts/"));
}

void write_row(Markup& html, const PageContext& page, const Scenario& scenario) {
  const auto& lanes = page.reading.run().lanes;
  std::vector<std::size_t> positions;
  for (const auto lane : lanes)
    if (const auto* verdict = page.reading.verdict(scenario.id, lane); verdict != nullptr)
      positions.push_back(page.reading.verdict_position(*verdict));
  const bool judged = !positions.empty();
  const bool in_order = judged && positions.size() == lanes.size() && are_consecutive(positions);
  const auto row = html.element(
      "tr", {{"id", scenario_anchor(page.reading, scenario.id)}, {in_order ? "title" : "", paths_of(positions)}});
  {
    const auto head = html.element("th", {{"scope", "row"}});
    if (judged)
      html.leaf("a", {{"href", "#" + reasons_anchor(page.reading, scenario.id)}}, scenario.id);
    else
      html.leaf("span", scenario.id);
    if (!scenario.says.empty()) html.paragraph(scenario.says);
  }
  {
    const auto declared = html.element("td");
    html.names(words_of(scenario.expectation));
  }
  for (const auto lane : lanes) write_cell(html, page, scenario, lane, in_order);
}

// Rows in groups that a browser lays out only when they come into view. One family may have them all.
constexpr std::size_t rows_a_group = 50;

void write_family(Markup& html, const PageContext& page, const std::string& family,
                  const std::vector<const Scenario*>& own) {
  for (std::size_t i = 0; i < own.size(); i += rows_a_group) {
    html.newline();
    const auto body = html.element("tbody", {{"data-family", family}});
    if (i == 0) {
      const auto row = html.element("tr", {{"class", "family"}});
      html.leaf("th", {{"scope", "rowgroup"}, {"colspan", std::to_string(2 + page.reading.run().lanes.size())}},
                family);
    }
    for (std::size_t at = i; at < std::min(i + rows_a_group, own.size()); ++at) {
      html.newline();
      write_row(html, page, *own[at]);
    }
  }
}

void write_matrix_table(Markup& html, const PageContext& page) {
  const auto& run = page.reading.run();
  // Which lane stands in which column is told once: where the page is narrow and has no headings, the style sheet
  // writes it before each cell.
  std::string look = "matrix";
  for (std::size_t i = 0; i < run.lanes.size(); ++i) look += fmt::format(" {}-{}", name(run.lanes[i]), 3 + i);
  const auto table = html.element("table", {{"class", look}});
  html.leaf("caption", "Each scenario in each lane. A pass means: as declared, no more and no less.");
  {
    const auto head = html.element("thead");
    const auto row = html.element("tr");
    html.leaf("th", {{"scope", "col"}}, "Scenario");
    html.leaf("th", {{"scope", "col"}}, "Declared");
    for (const auto lane : run.lanes) html.leaf("th", {{"scope", "col"}}, name(lane));
  }
  std::map<std::string, std::vector<const Scenario*>> scenarios;
  for (const auto& scenario : run.scenarios) scenarios[scenario.family()].push_back(&scenario);
  for (const auto& family : page.reading.families()) write_family(html, page, family, scenarios[family]);
}

// "nothing found in 64 processes (16,298 operations)" is "nothing found in 64 processes" and "16,298"; any other reason
// is itself and no count.
std::pair<std::string_view, std::string_view> without_operations(std::string_view why) {
  constexpr std::string_view end = " operations)";
  const auto from = why.rfind(" (");
  if (!why.starts_with("nothing found in ") || !why.ends_with(end) || from == std::string_view::npos) return {why, ""};
  return {why.substr(0, from), why.substr(from + 2, why.size() - from - 2 - end.size())};
}

// What is told of sets of parameters beside what is told of all. Where nothing was found in any, that is all.
std::vector<std::string> details_of(const ScenarioVerdict& verdict) {
  std::vector<std::string> all;
  const bool nothing_found = !without_operations(verdict.why).second.empty();
  for (const auto& detail : verdict.detail) {
    if (detail.verdict == verdict.verdict && detail.why == verdict.why) continue;
    if (nothing_found && detail.verdict == verdict.verdict && !without_operations(detail.why).second.empty()) continue;
    all.push_back(fmt::format("{} ({}): {} {}", words_of(detail.parameters), plural(detail.trials, "trial"),
                              words_of(detail.verdict), detail.why.empty() ? "" : "– " + detail.why));
  }
  return all;
}

bool rest_on_the_same(const ScenarioVerdict& one, const ScenarioVerdict& other) {
  return one.verdict == other.verdict && without_operations(one.why).first == without_operations(other.why).first &&
         rests_on(one) == rests_on(other) && details_of(one) == details_of(other);
}

// Lanes whose verdict has the same reason, in one row: "nothing found in 64 processes (16,298; 5,149 operations)".
struct Reason {
  const ScenarioVerdict* verdict = nullptr;
  std::string lanes, operations;
  std::vector<std::size_t> positions;
};
std::vector<Reason> reasons_of(const Reading& reading, const std::vector<const ScenarioVerdict*>& verdicts) {
  std::vector<Reason> reasons;
  for (const auto* verdict : verdicts) {
    auto same =
        std::ranges::find_if(reasons, [&](const auto& one) { return rest_on_the_same(*one.verdict, *verdict); });
    if (same == reasons.end()) same = reasons.insert(same, {verdict, "", "", {}});
    same->operations += fmt::format("{}{}", same->lanes.empty() ? "" : "; ", without_operations(verdict->why).second);
    same->lanes += fmt::format("{}{}", same->lanes.empty() ? "" : ", ", name(verdict->lane));
    same->positions.push_back(reading.verdict_position(*verdict));
  }
  return reasons;
}

void write_reason(Markup& html, const Reason& reason) {
  const auto& verdict = *reason.verdict;
  {
    const auto cell = html.element("td");
    write_short_badge(html, verdict.verdict);
  }
  {
    const auto cell = html.element("td");
    const auto [why, operations] = without_operations(verdict.why);
    html.text(why);
    if (!operations.empty()) html.text(fmt::format(" ({} operations)", reason.operations));
    for (const auto& detail : details_of(verdict)) html.paragraph(detail);
  }
  html.leaf("td", rests_on(verdict));
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
    for (const auto& [title, member] :
         {std::pair("Scenario", ""), std::pair("Lane", "lane"), std::pair("Verdict", "verdict"),
          std::pair("Why", "why"), std::pair("Rests on", "confidence")})
      html.leaf("th", {{"scope", "col"}, {"title?", member}}, title);
  }
  std::map<std::string_view, std::vector<const ScenarioVerdict*>> of_scenario;
  for (const auto& verdict : page.reading.run().verdicts) of_scenario[verdict.scenario].push_back(&verdict);
  for (const auto& first : page.reading.run().verdicts) {
    const auto& own = of_scenario[first.scenario];
    if (own.front() != &first) continue;
    const auto reasons = reasons_of(page.reading, own);
    html.newline();
    const auto body = html.element("tbody");
    for (const auto& reason : reasons) {
      if (&reason != reasons.data()) html.newline();
      const auto row = html.element("tr", {{"title", paths_of(reason.positions)}});
      if (&reason == reasons.data())
        html.leaf("th",
                  {{"scope", "rowgroup"},
                   {page.reading.scenario(first.scenario) == nullptr ? "" : "id",
                    reasons_anchor(page.reading, first.scenario)},
                   {reasons.size() == 1 ? "" : "rowspan", std::to_string(reasons.size())}},
                  first.scenario);
      html.leaf("td", reason.positions.size() == page.reading.run().lanes.size() && own.size() > 1 ? "every lane"
                                                                                                   : reason.lanes);
      write_reason(html, reason);
    }
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
