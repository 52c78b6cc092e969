// What is other than in a baseline: first what is right and wrong, then how fast it is.
#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "harness/model/severity.h"
#include "reports/gate/forest.h"
#include "reports/gate/words.h"
#include "reports/html/sections.h"
#include "reports/places.h"

namespace chicane::reports {
namespace {

// A finding of a scenario, whatever its lane and place in the run.
using FindingKey = std::tuple<std::string_view, FindingKind, std::string_view>;
std::set<FindingKey> findings_in(const Reading& reading) {
  std::set<FindingKey> all;
  for (const auto& view : reading.findings())
    for (const auto& occurrence : view.occurrences)
      all.emplace(occurrence.scenario_id, view.finding->kind, view.finding->fingerprint);
  return all;
}

// Those that `other` has not: "f3" in one of its scenarios.
std::vector<std::pair<const FindingView*, std::string_view>> only_in(const Reading& reading,
                                                                     const std::set<FindingKey>& other) {
  std::vector<std::pair<const FindingView*, std::string_view>> all;
  for (const auto& view : reading.findings())
    for (const auto& own : by_scenario(view.occurrences))
      if (!other.contains({own.front()->scenario_id, view.finding->kind, view.finding->fingerprint}))
        all.emplace_back(&view, own.front()->scenario_id);
  return all;
}

void write_scenario(Markup& html, const Reading& reading, std::string_view scenario) {
  if (reading.scenario(scenario) == nullptr)
    html.text(scenario);
  else
    html.leaf("a", {{"href", "#" + scenario_anchor(reading, scenario)}}, scenario);
}

// Verdicts that both have, and that are other ones now.
bool write_verdicts(Markup& html, const Reading& reading, const Reading& before) {
  std::vector<std::pair<const ScenarioVerdict*, const ScenarioVerdict*>> changed;
  for (const auto& verdict : reading.run().verdicts) {
    const auto* old = before.verdict(verdict.scenario, verdict.lane);
    if (old != nullptr && old->verdict != verdict.verdict) changed.emplace_back(old, &verdict);
  }
  if (changed.empty()) return false;
  std::ranges::sort(changed, {}, [](const auto& one) { return std::pair(-severity(one.second->verdict), one.second); });
  const auto region = scrolling(html, "Changed verdicts");
  const auto table = html.element("table", {{"class", "changed"}});
  {
    const auto head = html.element("thead");
    const auto row = html.element("tr");
    for (const auto* title : {"Changed verdict of", "Lane", "Baseline", "Now", "Why"})
      html.leaf("th", {{"scope", "col"}}, title);
  }
  const auto body = html.element("tbody");
  for (const auto& [old, verdict] : changed) {
    html.newline();
    const auto row = html.element("tr", {{"title", fmt::format("verdicts/{}", reading.verdict_position(*verdict))}});
    {
      const auto head = html.element("th", {{"scope", "row"}});
      write_scenario(html, reading, verdict->scenario);
    }
    html.leaf("td", name(verdict->lane));
    for (const auto* one : {old, verdict}) {
      const auto cell = html.element("td");
      write_badge(html, one->verdict);
    }
    html.leaf("td", verdict->why);
  }
  return true;
}

bool write_findings(Markup& html, const Reading& reading, const Reading& before) {
  const auto fresh = only_in(reading, findings_in(before));
  const auto gone = only_in(before, findings_in(reading));
  if (!fresh.empty()) {
    html.leaf("h3", "Found now, and not in the baseline");
    const auto list = html.element("ul", {{"class", "changes"}});
    for (const auto& [view, scenario] : fresh) {
      html.newline();
      const auto item = html.element("li");
      write_standing(html, view->standing);
      html.text(" ");
      html.leaf("a", {{"href", "#" + view->id}}, title_of(*view->finding));
      html.text(" in ");
      write_scenario(html, reading, scenario);
    }
  }
  if (!gone.empty()) {
    html.leaf("h3", "Found in the baseline, and not now");
    const auto list = html.element("ul", {{"class", "changes"}});
    for (const auto& [view, scenario] : gone) {
      html.newline();
      const auto item = html.element("li");
      html.text(title_of(*view->finding) + " in ");
      write_scenario(html, reading, scenario);
    }
  }
  return !fresh.empty() || !gone.empty();
}

bool write_scenarios(Markup& html, std::string_view title, const Reading& reading, const Reading& other) {
  std::vector<std::string_view> all;
  for (const auto& scenario : reading.run().scenarios)
    if (other.scenario(scenario.id) == nullptr) all.push_back(scenario.id);
  if (all.empty()) return false;
  constexpr std::size_t most = 30;
  std::string words;
  for (std::size_t i = 0; i < std::min(all.size(), most); ++i) words += fmt::format("{}{}", i == 0 ? "" : ", ", all[i]);
  if (all.size() > most) words += fmt::format(" and {} more", all.size() - most);
  html.leaf("p", fmt::format("{}: {}.", title, words));
  return true;
}

// What is worse, then what is better, then what is not told.
GateResult changed_first(GateResult result) {
  const auto place = [](GateVerdict verdict) {
    switch (verdict) {
      case GateVerdict::regression:
      case GateVerdict::wrong: return 0;
      case GateVerdict::missing:
      case GateVerdict::error: return 1;
      case GateVerdict::improved: return 2;
      case GateVerdict::inconclusive:
      case GateVerdict::invalid: return 3;
      case GateVerdict::pass: return 4;
      case GateVerdict::not_compared: break;
    }
    return 5;
  };
  std::ranges::sort(result.entries, {}, [&](const GateEntry& entry) {
    return std::tuple(place(entry.verdict), entry.scenario, entry.parameters);
  });
  // Why they are is told once; what each would have shown is its last column.
  for (auto& entry : result.entries)
    if (entry.verdict == GateVerdict::inconclusive && !entry.measures.empty() && entry.measures.front().detectable)
      entry.why.clear();
  return result;
}

}  // namespace

void write_compare(Markup& html, const PageContext& page) {
  if (page.parts.baseline == nullptr || page.parts.compared == nullptr) return;
  const auto& result = *page.parts.compared;
  const Reading before(*page.parts.baseline);
  const auto section = html.element("section", {{"id", "compare"}});
  html.leaf("h2", "Compared with a baseline");
  html.leaf(
      "p", {{"class", "muted"}},
      fmt::format("The baseline is run {} of {}, from {}. ", before.run().id, before.run().started, result.baseline));
  {
    const auto line = html.element("p", {{"class", "decision"}});
    write_badge(html, look_of(result.verdict), words_of(result.verdict));
    html.text(" " + sentence_of(result));
  }
  html.newline();
  bool changed = write_verdicts(html, page.reading, before);
  changed |= write_findings(html, page.reading, before);
  changed |= write_scenarios(html, "Not in the baseline", page.reading, before);
  changed |= write_scenarios(html, "Only in the baseline", before, page.reading);
  if (!changed) html.leaf("p", "Verdicts and findings are those of the baseline.");
  html.newline();
  if (!result.entries.empty()) {
    html.leaf("h3", "Times");
    html.leaf(
        "p", {{"class", "muted"}},
        fmt::format("Inconclusive: no change beyond the margin was found, but a slowdown of {:g}\u00a0% could have "
                    "been missed.",
                    result.asked.detect * 100));
    write_forest(html, changed_first(result), "");
  }
  if (result.notes.empty()) return;
  const auto list = html.element("ul", {{"class", "changes muted"}});
  for (const auto& note : result.notes) html.leaf("li", note);
}

}  // namespace chicane::reports
