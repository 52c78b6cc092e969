// The gate as a page: one file that needs nothing else, loads nothing else and runs no script.
#include <fmt/format.h>

#include "reports/gate.h"
#include "reports/gate/forest.h"
#include "reports/gate/words.h"
#include "reports/html/assets.h"
#include "reports/html/sections.h"
#include "reports/html/sha256.h"

namespace chicane {
namespace reports {
namespace {

void write_list(Markup& html, std::string_view id, std::string_view title, const std::vector<std::string>& items) {
  if (items.empty()) return;
  const auto section = html.element("section", {{"id", id}});
  html.leaf("h2", title);
  const auto list = html.element("ul");
  for (const auto& item : items) html.leaf("li", item);
}

void write_outcomes(Markup& html, const GateResult& result) {
  if (result.outcomes.empty()) return;
  const auto section = html.element("section", {{"id", "outcomes"}});
  html.leaf("h2", "Outcomes of litmus scenarios");
  html.leaf("p", {{"class", "muted"}},
            "How many processes of the stress lane saw each outcome. p: how likely so many more of the candidate's are "
            "where there is no difference.");
  const auto region = scrolling(html, "Outcomes of litmus scenarios");
  const auto table = html.element("table");
  {
    const auto head = html.element("thead");
    const auto row = html.element("tr");
    for (const auto* title : {"Scenario", "Outcome", "Grade"}) html.leaf("th", {{"scope", "col"}}, title);
    for (const auto* title : {"Baseline", "Candidate", "p"})
      html.leaf("th", {{"scope", "col"}, {"class", "number"}}, title);
  }
  const auto body = html.element("tbody");
  for (std::size_t i = 0; i < result.outcomes.size(); ++i) {
    const auto& one = result.outcomes[i];
    html.newline();
    const auto row = html.element("tr");
    html.leaf("th", {{"scope", "row"}}, one.scenario);
    html.leaf("td", one.outcome);
    html.leaf("td", name(one.grade));
    const auto number = [&](const char* member, const std::string& text) {
      html.leaf("td", {{"class", "number"}, {"title", fmt::format("outcomes/{}/{}", i, member)}}, text);
    };
    number("baseline_seen", fmt::format("{} of {}", one.baseline_seen, one.baseline_processes));
    number("candidate_seen", fmt::format("{} of {}", one.candidate_seen, one.candidate_processes));
    number("p", one.p < 0.001 ? fmt::format("{:.0e}", one.p) : fmt::format("{:.3f}", one.p));
  }
}

void write_decision(Markup& html, const GateResult& result) {
  const auto section = html.element("section", {{"id", "decision"}});
  html.leaf("h2", "How it was decided");
  const auto list = html.element("ul");
  html.leaf("li", fmt::format("{} against {}", result.candidate, result.baseline));
  html.leaf("li",
            fmt::format("margin {:g} %, to be detected {:g} %, false alarms {:g} %, seed {}", result.asked.margin * 100,
                        result.asked.detect * 100, result.asked.alpha * 100, result.seed));
  html.leaf("li", result.stored ? "Two stored runs, not a duet." : control_of(result));
  html.leaf("li", fmt::format("{}, {} cores, {}", result.host.cpu, result.host.cores, result.host.kernel));
  if (result.foreign_cpu_percent)
    html.leaf("li", fmt::format("Other processes used {:.1f} % of the CPUs' time.", *result.foreign_cpu_percent));
  html.leaf("li",
            fmt::format("{} to {}, {:.0f} s, Chicane {} ({})", result.started, result.ended,
                        static_cast<double>(result.duration_ns) / 1e9, result.tool_version, result.tool_revision));
}

}  // namespace
}  // namespace reports

std::string render_gate_html(const GateResult& result) {
  using namespace reports;
  Markup html(Markup::Language::html);
  html.raw("<!DOCTYPE html>\n");
  {
    const auto root = html.element("html", {{"lang", "en"}});
    {
      const auto head = html.element("head");
      html.empty("meta", {{"charset", "utf-8"}});
      html.raw(
          fmt::format("\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; "
                      "base-uri 'none'; form-action 'none'\">\n",
                      policy_hash(style_css())));
      html.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
      html.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
      html.leaf("title", fmt::format("{} Gate: {} – Chicane", shape_of(result.verdict), words_of(result.verdict)));
      html.raw("\n<style>");
      html.raw(style_css());
      html.raw("</style>\n");
    }
    const auto body = html.element("body");
    {
      const auto header = html.element("header", {{"class", "top"}});
      write_brand(html);
      html.leaf("p", {{"class", "when"}, {"title", "started"}}, result.started);
    }
    {
      const auto main = html.element("main");
      {
        const auto summary = html.element("section", {{"class", fmt::format("summary {}", look_of(result.verdict))}});
        const auto hero = html.element("div", {{"class", "hero"}});
        html.leaf("div", {{"class", "seal"}, {"aria-hidden", "true"}}, shape_of(result.verdict));
        const auto words = html.element("div");
        html.leaf("h1", {{"title", "verdict"}}, fmt::format("Gate: {}", words_of(result.verdict)));
        html.leaf("p", {{"class", "lead"}, {"title", "why"}}, sentence_of(result));
      }
      std::vector<std::string> found;
      for (const auto& finding : result.findings) found.push_back(words_of(finding));
      write_list(html, "found", "Found in the candidate", found);
      write_list(html, "unjudged", "Not judged, and had to be", result.unjudged);
      if (!result.entries.empty()) {
        const auto section = html.element("section", {{"id", "compared"}});
        html.leaf("h2", "Compared");
        write_forest(html, result, "entries/");
      }
      write_outcomes(html, result);
      write_list(html, "noise", "What may have disturbed it", result.noise);
      write_list(html, "notes", "Notes", result.notes);
      write_decision(html, result);
    }
  }
  html.newline();
  return std::move(html).take();
}

}  // namespace chicane
