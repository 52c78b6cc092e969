// What tutorials say, graded on this host for each language side by side, and from it what to use for which work.
#include "reports/claims.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/figures.h"
#include "reports/html/sections.h"

namespace chicane::reports {
namespace {

// A claim that does not hold is no failure of anything.
std::string_view look_of(ClaimGrade grade) {
  return grade == ClaimGrade::holds           ? "pass"
         : grade == ClaimGrade::does_not_hold ? "refuted"
         : grade == ClaimGrade::inconclusive  ? "unsure"
                                              : "not_judged";
}

void write_head(Markup& html, std::string_view first, const std::vector<std::string>& others) {
  const auto head = html.element("thead");
  const auto row = html.element("tr");
  html.leaf("th", {{"scope", "col"}}, first);
  for (const auto& other : others) html.leaf("th", {{"scope", "col"}}, other);
}

void write_claim(Markup& html, const Claim& claim, std::size_t position) {
  const auto cell = html.element("td", {{"data-of", claim.language}, {"title", fmt::format("claims/{}", position)}});
  write_badge(html, look_of(claim.grade), words_of(claim.grade));
  if (const auto figure = figure_of(claim); !figure.empty()) {
    html.text(" ");
    html.leaf("strong", figure);
  }
  const auto says = html.element("p");
  if (claim.grade == ClaimGrade::not_measured)
    html.text(claim.why);
  else
    html.text(
        fmt::format("{}{}; holds if {}", claim.figure, claim.why.empty() ? "" : ": " + claim.why, claim.holds_if));
}

void write_claims(Markup& html, const Run& run, const std::vector<std::string>& languages) {
  const auto region = scrolling(html, "Claims");
  const auto table = html.element("table", {{"class", "claims"}});
  write_head(html, "Tutorials say", languages);
  const auto body = html.element("tbody");
  for (const auto& row : claim_rows(run)) {
    html.newline();
    const auto element = html.element("tr", {{"id", fmt::format("c{}", row.positions.front())}});
    html.leaf("th", {{"scope", "row"}}, run.claims[row.positions.front()].says);
    for (const auto& language : languages) {
      const auto own =
          std::ranges::find_if(row.positions, [&](auto at) { return run.claims[at].language == language; });
      if (own == row.positions.end())
        html.leaf("td", {{"class", "muted"}, {"data-of", language}}, "–");
      else
        write_claim(html, run.claims[*own], *own);
    }
  }
}

void write_choices(Markup& html, const Run& run, const std::string& language) {
  std::vector<std::string> works, ways;
  for (const auto& choice : run.choices) {
    if (choice.language != language) continue;
    for (auto [list, text] : {std::pair(&works, &choice.work), {&ways, &choice.way}})
      if (std::ranges::find(*list, *text) == list->end()) list->push_back(*text);
  }
  if (works.empty()) return;
  const auto region = scrolling(html, "Which to use, " + language);
  const auto table = html.element("table", {{"class", "choices"}});
  html.leaf("caption", language);
  write_head(html, "Work", ways);
  const auto body = html.element("tbody");
  for (const auto& work : works) {
    html.newline();
    const auto row = html.element("tr");
    html.leaf("th", {{"scope", "row"}}, work);
    for (const auto& way : ways) {
      const auto choice = std::ranges::find_if(run.choices, [&](const Choice& each) {
        return each.language == language && each.work == work && each.way == way;
      });
      const auto figure = choice == run.choices.end() ? "" : figure_of(*choice);
      if (figure.empty()) {
        html.leaf("td",
                  {{"class", "muted"}, {"data-of", way}, {"title?", choice == run.choices.end() ? "" : choice->why}},
                  "–");
        continue;
      }
      const auto cell =
          html.element("td", {{"data-of", way}, {"title", fmt::format("choices/{}", choice - run.choices.begin())}});
      if (choice->best)
        html.leaf("strong", fmt::format("{} ← best", figure));
      else
        html.text(figure);
      if (choice->relative_time && choice->time_ns)
        html.leaf("p", chicane::reports::figure(*choice->time_ns, Unit::nanoseconds));
    }
  }
}

}  // namespace

void write_claims(Markup& html, const PageContext& page) {
  const auto& run = page.reading.run();
  if (run.claims.empty() && run.choices.empty()) return;
  const auto languages = languages_of(run);
  html.raw("<section id=\"claims\">");
  if (!run.claims.empty()) {
    html.leaf("h2", "Claims on this host");
    html.leaf("p", {{"class", "muted"}},
              fmt::format("What tutorials say, held against this run: {}. Figures are medians over rounds, those of a "
                          "ratio of what both took in one round, with 95 % intervals; one that is on both sides of the "
                          "limit is inconclusive.",
                          counts_of(run)));
    write_claims(html, run, languages);
  }
  if (!run.choices.empty()) {
    html.leaf("h2", "Which should I use here?");
    html.leaf(
        "p", {{"class", "muted"}},
        "Time against one step after the other, which is 1; less is faster; below it the time itself. Best is marked "
        "only where it took less than each other way, by the 95 % intervals of their ratios. A cell without a figure "
        "says why in its tooltip.");
    for (const auto& language : languages) write_choices(html, run, language);
  }
  html.raw("</section>\n");
}

}  // namespace chicane::reports
