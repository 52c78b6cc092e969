// The HTML report: one file that needs nothing else and may load nothing else.
#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "reports/html/assets.h"
#include "reports/html/sections.h"
#include "reports/html/sha256.h"
#include "reports/outcomes.h"
#include "reports/render.h"

namespace chicane {
namespace reports {
namespace {

void write_head(Markup& html, const Reading& reading) {
  const auto head = html.element("head");
  html.newline();
  html.empty("meta", {{"charset", "utf-8"}});
  html.newline();
  const auto policy =
      fmt::format("default-src 'none'; style-src {}; script-src {} {}; base-uri 'none'; form-action 'none'",
                  policy_hash(style_css()), policy_hash(chart_js()), policy_hash(report_js()));
  // The hashes' quotes are no danger in double quotes, and readable.
  html.raw(fmt::format("<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n", policy));
  html.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  html.newline();
  html.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  html.newline();
  html.leaf("title", fmt::format("{} {} – Chicane", shape_of(reading.overall()), reading.headline().says));
  html.newline();
  html.raw("<style>");
  html.raw(style_css());
  html.raw("</style>\n");
}

void write_header(Markup& html, const PageContext& page) {
  const auto& run = page.reading.run();
  const auto header = html.element("header", {{"class", "top"}});
  write_brand(html);
  {
    const auto nav = html.element("nav", {{"aria-label", "Sections"}});
    for (const auto& [anchor, text, is_there] :
         {std::tuple("#verdicts", "Verdicts", true), std::tuple("#compare", "Compare", page.parts.compared != nullptr),
          std::tuple("#history", "History", !page.parts.history.empty()), std::tuple("#found", "Found", true),
          std::tuple("#outcomes", "Outcomes", has_outcomes(run)), std::tuple("#speed", "Speed", true),
          std::tuple("#claims", "Claims", !run.claims.empty()), std::tuple("#findings", "Evidence", true),
          std::tuple("#host", "Host", true)})
      if (is_there) html.leaf("a", {{"href", anchor}}, text);
  }
  html.leaf("p", {{"class", "when"}, {"title", "started"}}, run.started);
  html.newline();
}

}  // namespace

void write_brand(Markup& html) {
  // A double bend, as on a race track.
  constexpr std::string_view emblem =
      R"(<svg class="emblem" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">)"
      R"(<path d="M4 27 H11 C17 27 17 21 16 16 C15 11 15 5 21 5 H28" fill="none" stroke="currentColor" )"
      R"(stroke-width="5" stroke-linecap="round"/></svg>)";
  const auto brand = html.element("div", {{"class", "brand"}});
  html.raw(emblem);
  html.leaf("span", {{"class", "wordmark"}}, "Chicane");
}

Markup::Element scrolling(Markup& html, std::string_view label) {
  // No region: those are landmarks, which should be few and differ in name, and a page has dozens of these.
  return html.element("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "group"}, {"aria-label", label}});
}

void write_badge(Markup& html, std::string_view look, std::string_view words) {
  html.leaf("span", {{"class", fmt::format("badge {}", look)}}, words);
}
void write_badge(Markup& html, Verdict verdict) { write_badge(html, name(verdict), words_of(verdict)); }

void write_standing(Markup& html, Standing standing) {
  const auto* look = standing == Standing::undeclared ? "fail" : standing == Standing::declared ? "pass" : "allowed";
  write_badge(html, look, words_of(standing));
}

std::vector<std::vector<const Occurrence*>> by_scenario(const std::vector<Occurrence>& occurrences) {
  std::vector<std::vector<const Occurrence*>> all;
  for (const auto& occurrence : occurrences) {
    auto own =
        std::ranges::find_if(all, [&](const auto& one) { return one.front()->scenario_id == occurrence.scenario_id; });
    if (own == all.end()) own = all.emplace(own);
    own->push_back(&occurrence);
  }
  return all;
}

std::string_view words_of(Standing standing) {
  switch (standing) {
    case Standing::undeclared: return "not declared";
    case Standing::declared: return "declared";
    case Standing::allowed: break;
  }
  return "allowed";
}

std::string scenario_anchor(const Reading& reading, std::string_view scenario) {
  const auto& all = reading.run().scenarios;
  const auto* found = reading.scenario(scenario);
  return fmt::format("s{}", found == nullptr ? std::ssize(all) : found - all.data());
}

}  // namespace reports

std::string render_html(const Run& run) { return render_html_with(run, {}); }

std::string render_html_with(const Run& run, const HtmlParts& parts) {
  using namespace reports;
  const Reading reading(run);
  const auto panels = speed_panels(run);
  const PageContext page{reading, panels, parts};
  Markup html(Markup::Language::html);
  html.raw("<!DOCTYPE html>\n");
  {
    // Its parts wait until they are in view.
    const bool is_long = run.scenarios.size() > 60 || run.findings.size() > 60 || panels.size() > 30;
    const auto root = html.element("html", {{"lang", "en"}, {"class?", is_long ? "long" : ""}});
    html.newline();
    write_head(html, reading);
    html.newline();
    const auto body = html.element("body");
    html.leaf("a", {{"class", "skip"}, {"href", "#verdicts"}}, "Skip to the verdicts");
    write_header(html, page);
    {
      const auto main = html.element("main");
      write_summary(html, page);
      write_matrix(html, page);
      write_compare(html, page);
      write_history(html, page);
      write_found(html, page);
      write_outcomes(html, page);
      write_speed(html, page);
      write_claims(html, page);
      write_findings(html, page);
      write_host(html, page);
    }
    {
      const auto footer = html.element("footer");
      html.leaf("p", fmt::format("Made by Chicane {} ({}) from run {}. Each figure's tooltip is its path in run.json.",
                                 run.tool_version, run.tool_revision, run.id));
    }
    html.raw("<script>");
    html.raw(chart_js());
    html.raw("</script>\n<script>");
    html.raw(report_js());
    html.raw("</script>\n");
  }
  html.newline();
  return std::move(html).take();
}

}  // namespace chicane
