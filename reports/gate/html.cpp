// The gate as a page: one file that needs nothing else, loads nothing else and runs no script. Its heart is a forest
// plot: a ratio with its interval for each scenario, on one scale with the margin.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "reports/gate.h"
#include "reports/gate/words.h"
#include "reports/html/assets.h"
#include "reports/html/sections.h"
#include "reports/html/sha256.h"

namespace chicane {
namespace reports {
namespace {

constexpr std::string_view forest_css = R"(
.forest td, .forest th { vertical-align: middle; }
.forest svg { display: block; width: 22rem; height: 1.75rem; overflow: visible; }
.forest line, .forest path { stroke: var(--strong-line); stroke-width: 1; }
.forest .zero { stroke: var(--ink); }
.forest .margin { stroke: var(--missed); stroke-dasharray: 3 3; }
.forest .interval { stroke: var(--s1); stroke-width: 2.5; }
.forest circle { fill: var(--s1); }
.forest .regression .interval { stroke: var(--fail); } .forest .regression circle { fill: var(--fail); }
.forest .improved .interval { stroke: var(--pass); } .forest .improved circle { fill: var(--pass); }
.forest .inconclusive .interval, .forest .invalid .interval { stroke: var(--none); }
.forest .inconclusive circle, .forest .invalid circle { fill: var(--none); }
.forest text { fill: var(--muted); font-size: 11px; text-anchor: middle; }
.forest .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.forest .why { color: var(--muted); font-size: 0.875rem; font-weight: 400; min-width: 14rem; max-width: 24rem; }
)";

constexpr double plot_width = 352, middle = 14;  // of a plot, in its own units

// One scale for all rows: percent of change, wide enough for what is shown, but no wider than ±60 %.
class Scale {
 public:
  explicit Scale(const GateResult& result) {
    double most = std::max(result.asked.detect, result.asked.margin) * 100;
    for (const auto& entry : result.entries)
      for (const auto& measure : entry.measures)
        for (const auto& end : {measure.ratio, measure.low, measure.high})
          if (end) most = std::max(most, std::abs(*end - 1) * 100);
    for (const double step : {1.0, 2.0, 5.0, 10.0, 20.0, 30.0})
      if (step * 2 <= most * 1.05 || step == 1.0) tick_ = step;
    most_ = std::min(std::max(std::ceil(most / tick_), 2.0) * tick_, 60.0);
  }
  double x(double percent) const {
    return (std::clamp(percent, -most_, most_) / most_ + 1) / 2 * (plot_width - 24) + 12;
  }
  bool cut(double percent) const { return std::abs(percent) > most_; }
  double tick() const { return tick_; }
  double most() const { return most_; }

 private:
  double tick_ = 1, most_ = 2;
};

void vertical(Markup& html, double x, std::string_view look) {
  html.raw(fmt::format("<line class=\"{}\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"-4\" y2=\"32\"/>", look, x, x));
}

void write_axis(Markup& html, const Scale& scale) {
  html.raw(fmt::format("<svg viewBox=\"0 0 {} 28\" role=\"img\" aria-label=\"Change in percent\">", plot_width));
  for (double at = -scale.most(); at <= scale.most() + 1e-9; at += scale.tick()) {
    const auto label = fmt::format("{:+.0f} %", at);
    html.raw(fmt::format("<text x=\"{:.1f}\" y=\"18\">{}</text>", scale.x(at), std::abs(at) < 1e-9 ? "0" : label));
  }
  html.raw("</svg>");
}

void write_plot(Markup& html, const Scale& scale, const GateMeasure& measure) {
  html.raw(fmt::format("<svg viewBox=\"0 0 {} 28\" role=\"img\" aria-label=\"{}\" class=\"{}\">", plot_width,
                       escaped(ratio_of(measure)), name(measure.verdict)));
  vertical(html, scale.x(0), "zero");
  vertical(html, scale.x(measure.margin * 100), "margin");
  if (measure.low && measure.high) {
    const double low = (*measure.low - 1) * 100, high = (*measure.high - 1) * 100;
    html.raw(fmt::format("<line class=\"interval\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{}\" y2=\"{}\"/>", scale.x(low),
                         scale.x(high), middle, middle));
    // An arrow where the interval goes on beyond the plot.
    if (scale.cut(high))
      html.raw(fmt::format("<path class=\"interval\" d=\"M{:.1f} {} l-6 -5 m6 5 l-6 5\" fill=\"none\"/>", scale.x(high),
                           middle));
    if (scale.cut(low))
      html.raw(fmt::format("<path class=\"interval\" d=\"M{:.1f} {} l6 -5 m-6 5 l6 5\" fill=\"none\"/>", scale.x(low),
                           middle));
  }
  if (measure.ratio)
    html.raw(fmt::format("<circle cx=\"{:.1f}\" cy=\"{}\" r=\"4\"/>", scale.x((*measure.ratio - 1) * 100), middle));
  html.raw("</svg>");
}

// Words of a verdict in the colours of the run's report.
std::string_view look_of(GateVerdict verdict) {
  switch (verdict) {
    case GateVerdict::pass: return "pass";
    case GateVerdict::improved: return "pass up";
    case GateVerdict::regression: return "fail down";
    case GateVerdict::wrong: return "fail";
    case GateVerdict::missing:
    case GateVerdict::error: return "error";
    case GateVerdict::inconclusive:
    case GateVerdict::invalid: return "unsure";
    case GateVerdict::not_compared: break;
  }
  return "not_judged";
}

void write_entries(Markup& html, const GateResult& result) {
  const Scale scale(result);
  const auto section = html.element("section", {{"id", "compared"}});
  html.leaf("h2", "Compared");
  html.leaf(
      "p", {{"class", "muted"}},
      fmt::format("Candidate / baseline: the estimate with its 95 % interval; the dashed line is the margin. Seen at: "
                  "the smallest slowdown that would have been found with a probability of {:g} %.",
                  result.asked.power * 100));
  const auto region = scrolling(html, "Compared");
  const auto table = html.element("table", {{"class", "forest"}});
  {
    const auto head = html.element("thead");
    const auto row = html.element("tr");
    html.leaf("th", {{"scope", "col"}}, "Scenario");
    html.leaf("th", {{"scope", "col"}}, "Verdict");
    {
      const auto axis = html.element("th", {{"scope", "col"}});
      write_axis(html, scale);
    }
    html.leaf("th", {{"scope", "col"}, {"class", "number"}}, "Change");
    html.leaf("th", {{"scope", "col"}, {"class", "number"}}, "Seen at");
  }
  const auto body = html.element("tbody");
  for (std::size_t i = 0; i < result.entries.size(); ++i) {
    const auto& entry = result.entries[i];
    html.newline();
    const auto at = fmt::format("entries/{}/", i);
    const auto write_row = [&](const std::string& what, const GateMeasure* measure, std::size_t position,
                               GateVerdict verdict, const std::string& why) {
      const auto row = html.element("tr");
      {
        const auto head = html.element("th", {{"scope", "row"}});
        html.text(what);
        if (!why.empty()) html.leaf("div", {{"class", "why"}}, why);
      }
      {
        const auto cell = html.element("td", {{"title", at + "verdict"}});
        write_badge(html, look_of(verdict), words_of(verdict));
      }
      {
        const auto cell = html.element("td");
        if (measure != nullptr) write_plot(html, scale, *measure);
      }
      const auto path = fmt::format("{}measures/{}/", at, position);
      html.leaf("td", {{"class", "number"}, {"title", path + "ratio"}}, measure == nullptr ? "–" : ratio_of(*measure));
      html.leaf("td", {{"class", "number"}, {"title", path + "detectable"}},
                measure == nullptr ? "–" : detectable_of(*measure));
    };
    const bool has_time = !entry.measures.empty();
    write_row(name_of(entry), has_time ? &entry.measures.front() : nullptr, 0, entry.verdict, entry.why);
    for (std::size_t m = 1; m < entry.measures.size(); ++m)
      if (entry.measures[m].verdict == GateVerdict::regression || entry.measures[m].verdict == GateVerdict::improved)
        write_row(fmt::format("{}: {}", entry.scenario, entry.measures[m].name), &entry.measures[m], m,
                  entry.measures[m].verdict, entry.measures[m].why);
  }
}

void write_list(Markup& html, std::string_view id, std::string_view title, const std::vector<std::string>& items) {
  if (items.empty()) return;
  const auto section = html.element("section", {{"id", id}});
  html.leaf("h2", title);
  const auto list = html.element("ul");
  for (const auto& item : items) html.leaf("li", item);
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
  const auto css = std::string(style_css()) + std::string(forest_css);
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
                      policy_hash(css)));
      html.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
      html.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
      html.leaf("title", fmt::format("{} Gate: {} – Chicane", shape_of(result.verdict), words_of(result.verdict)));
      html.raw("\n<style>");
      html.raw(css);
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
      if (!result.entries.empty()) write_entries(html, result);
      write_list(html, "noise", "What may have disturbed it", result.noise);
      write_list(html, "notes", "Notes", result.notes);
      write_decision(html, result);
    }
  }
  html.newline();
  return std::move(html).take();
}

}  // namespace chicane
