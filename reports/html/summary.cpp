// The first screen: the verdict in words, the counts, and what needs attention first.
#include <fmt/format.h>

#include "reports/figures.h"
#include "reports/html/sections.h"
#include "reports/places.h"

namespace chicane::reports {
namespace {

void write_counts(Markup& html, const PageContext& page) {
  auto counts = page.reading.counts();
  const auto list = html.element("ul", {{"class", "counts"}, {"aria-label", "Verdicts, one a scenario and lane"}});
  for (const auto verdict : {Verdict::pass, Verdict::fail, Verdict::missed, Verdict::error, Verdict::not_judged}) {
    const auto number = counts.of(verdict);
    const auto item =
        html.element("li", {{"class", fmt::format("count {}{}", name(verdict), number == 0 ? " zero" : "")}});
    html.leaf("span", {{"class", "shape"}, {"aria-hidden", "true"}}, shape_of(verdict));
    html.leaf("strong", count(number));
    html.leaf("span", {{"class", "word"}}, words_of(verdict));
  }
}

void write_facts(Markup& html, const PageContext& page) {
  const auto& run = page.reading.run();
  const auto facts = html.element("p", {{"class", "facts"}});
  html.text(fmt::format("{} in {} lanes, ", plural(run.scenarios.size(), "scenario"), run.lanes.size()));
  html.leaf("span", {{"title", "trials"}}, plural(run.trials.size(), "trial"));
  html.text(", each in a process of its own");
  if (const auto duration = page.reading.duration(); !duration.empty()) {
    html.text("; ");
    html.leaf("span", {{"title", "started, ended"}}, duration);
  }
  if (!run.hosts.empty()) {
    html.text(" on ");
    html.leaf("span", {{"title", "hosts/0/cores"}}, plural(run.hosts.front().cores, "core"));
  }
  if (run.merged_from.empty()) {
    html.text("; seed ");
    html.leaf("span", {{"title", "seed"}}, std::to_string(run.seed));
  } else {
    html.text("; merged from ");
    html.leaf("span", {{"title", "merged_from"}}, plural(run.merged_from.size(), "run"));
  }
  html.text(".");
}

bool says_the_same(const ScenarioVerdict& one, const ScenarioVerdict& other) {
  return one.scenario == other.scenario && one.verdict == other.verdict && one.why == other.why &&
         one.undeclared == other.undeclared;
}

void write_attention(Markup& html, const PageContext& page) {
  const auto all = page.reading.needing_attention();
  if (all.empty()) return;
  const auto section = html.element("div", {{"class", "attention"}});
  html.leaf("h2", {{"id", "attention"}}, "Needs attention first");
  const auto list = html.element("ul");
  for (std::size_t first = 0; first < all.size();) {
    const auto* verdict = all[first];
    // Lanes that say the same of a scenario say it once.
    std::string lanes, paths;
    for (; first < all.size() && says_the_same(*all[first], *verdict); ++first) {
      lanes += fmt::format("{}{}", lanes.empty() ? "" : ", ", name(all[first]->lane));
      paths += fmt::format("{}verdicts/{}", paths.empty() ? "" : ", ", page.reading.verdict_position(*all[first]));
    }
    html.newline();
    const auto item = html.element("li", {{"class", name(verdict->verdict)}});
    write_badge(html, verdict->verdict);
    const auto text = html.element("div");
    {
      const auto line = html.element("p", {{"class", "what"}});
      html.leaf("a", {{"href", "#" + scenario_anchor(page.reading, verdict->scenario)}}, verdict->scenario);
      html.text(" in " + lanes);
    }
    const auto why = html.element("p", {{"title", paths}});
    html.text(as_sentence(verdict->why));
    for (const auto& id : verdict->undeclared) {
      if (page.reading.finding(id) == nullptr) continue;
      html.text(" ");
      html.leaf("a", {{"href", "#" + id}}, "See the evidence");
    }
  }
}

}  // namespace

void write_summary(Markup& html, const PageContext& page) {
  const auto headline = page.reading.headline();
  const auto section = html.element("section", {{"class", fmt::format("summary {}", name(page.reading.overall()))}});
  {
    const auto hero = html.element("div", {{"class", "hero"}});
    html.leaf("span", {{"class", "seal"}, {"aria-hidden", "true"}}, shape_of(page.reading.overall()));
    const auto words = html.element("div");
    html.leaf("h1", headline.says);
    if (!headline.detail.empty()) html.leaf("p", {{"class", "lead"}}, as_sentence(headline.detail));
    if (!headline.remark.empty()) html.leaf("p", {{"class", "lead"}}, headline.remark);
    write_facts(html, page);
  }
  html.newline();
  write_counts(html, page);
  html.newline();
  write_attention(html, page);
  html.newline();
}

}  // namespace chicane::reports
