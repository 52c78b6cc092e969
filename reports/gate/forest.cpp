#include "reports/gate/forest.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "reports/gate/words.h"
#include "reports/html/sections.h"

namespace chicane::reports {
namespace {

constexpr double plot_width = 352, middle = 14;  // of a plot, in pixels: its size is the style sheet's

// One scale for all rows: percent of change, wide enough for what is shown, but no wider than ±60 %.
class PlotScale {
 public:
  explicit PlotScale(const GateResult& result) {
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
  double tick() const { return tick_; }
  double most() const { return most_; }

 private:
  double tick_ = 1, most_ = 2;
};

// A line that goes through all rows of the table.
std::string vertical(double x, std::string_view look) {
  return fmt::format("<line class={} x1={:.4g} x2={:.4g} y1=-4 y2=32 />", look, x, x);
}

// With what all plots have in common, which they refer to: zero, and the margin that was asked for.
void write_axis(Markup& html, const PlotScale& scale, double margin) {
  html.raw(fmt::format("<svg viewBox=\"0 0 {} 28\" role=img aria-label=\"Change in percent\">", plot_width));
  html.raw(fmt::format("<defs><g id=plot>{}{}</g></defs>", vertical(scale.x(0), "zero"),
                       vertical(scale.x(margin * 100), "margin")));
  for (double at = -scale.most(); at <= scale.most() + 1e-9; at += scale.tick()) {
    const auto label = fmt::format("{:+.0f} %", at);
    html.raw(fmt::format("<text x={:.4g} y=18>{}</text>", scale.x(at), std::abs(at) < 1e-9 ? "0" : label));
  }
  html.raw("</svg>");
}

// The interval and the estimate; the figures stand beside it. Pages have hundreds of these: whatever may be short is.
void write_plot(Markup& html, const PlotScale& scale, const GateMeasure& measure, double margin) {
  html.raw(fmt::format("<svg class={}>", name(measure.verdict)));
  if (measure.margin == margin)
    html.raw("<use href=#plot />");
  else
    html.raw(vertical(scale.x(0), "zero") + vertical(scale.x(measure.margin * 100), "margin"));
  const bool has_interval = measure.low && measure.high;
  if (has_interval) {
    const double low = (*measure.low - 1) * 100, high = (*measure.high - 1) * 100;
    html.raw(fmt::format("<path d=M{:.4g},{}H{:.4g}", scale.x(low), middle, scale.x(high)));
    // An arrow where the interval goes on beyond the plot.
    if (high > scale.most()) html.raw("l-6-5m6,5l-6,5");
    if (low < -scale.most()) html.raw(fmt::format("M{:.4g},{}l6-5m-6,5l6,5", scale.x(low), middle));
    html.raw(" />");
  }
  // A point beyond it is no point on its edge.
  if (measure.ratio && std::abs(*measure.ratio - 1) * 100 <= scale.most())
    html.raw(fmt::format("<path{} d=M{:.4g},{}h0 />", has_interval ? "" : " class=estimate",
                         scale.x((*measure.ratio - 1) * 100), middle));
  html.raw("</svg>");
}

}  // namespace

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

void write_forest(Markup& html, const GateResult& result, std::string_view path) {
  const PlotScale scale(result);
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
      write_axis(html, scale, result.asked.margin);
    }
    html.leaf("th", {{"scope", "col"}}, "Change");
    html.leaf("th", {{"scope", "col"}}, "Seen at");
  }
  const auto body = html.element("tbody");
  for (std::size_t i = 0; i < result.entries.size(); ++i) {
    const auto& entry = result.entries[i];
    html.newline();
    const auto at = path.empty() ? std::string() : fmt::format("{}{}/", path, i);
    const auto write_row = [&](const std::string& what, const GateMeasure* measure, std::size_t position,
                               GateVerdict verdict, const std::string& why) {
      const auto row = html.element("tr");
      {
        const auto head = html.element("th");
        html.text(what);
        if (!why.empty()) html.leaf("div", {{"class", "why"}}, why);
      }
      {
        const auto cell = html.element("td", {{"title?", at.empty() ? at : at + "verdict"}});
        html.leaf("b", {{"class", look_of(verdict)}}, words_of(verdict));
      }
      {
        const auto cell = html.element("td");
        if (measure != nullptr) write_plot(html, scale, *measure, result.asked.margin);
      }
      const auto of_measure = [&](const char* member) {
        return at.empty() ? at : fmt::format("{}measures/{}/{}", at, position, member);
      };
      html.leaf("td", {{"title?", of_measure("ratio")}}, measure == nullptr ? "–" : ratio_of(*measure));
      html.leaf("td", {{"title?", of_measure("detectable")}}, measure == nullptr ? "–" : detectable_of(*measure));
    };
    const bool has_time = !entry.measures.empty();
    write_row(name_of(entry), has_time ? &entry.measures.front() : nullptr, 0, entry.verdict, entry.why);
    for (std::size_t m = 1; m < entry.measures.size(); ++m)
      if (entry.measures[m].verdict == GateVerdict::regression || entry.measures[m].verdict == GateVerdict::improved)
        write_row(fmt::format("{}: {}", entry.scenario, entry.measures[m].name), &entry.measures[m], m,
                  entry.measures[m].verdict, entry.measures[m].why);
  }
}

}  // namespace chicane::reports
