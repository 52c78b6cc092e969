#include "reports/html/measures.h"

#include <set>
#include <string>

#include <fmt/format.h>

#include "reports/figures.h"
#include "reports/reading.h"

namespace chicane::reports {
namespace {

using Estimates = std::map<std::string, Estimate> Summary::*;

std::set<std::string> names_in(const SpeedPanel& panel, Estimates estimates) {
  std::set<std::string> names;
  for (const auto& series : panel.series)
    for (const auto& point : series.points)
      for (const auto& [name, estimate] : point.summary->*estimates) names.insert(name);
  return names;
}

void write_estimate(Markup& html, const Estimate& estimate, Unit unit, const std::string& path) {
  const auto scale = scale_for(estimate.median, unit);
  const auto cell = html.element("td");
  html.leaf("span", {{"class", "value"}, {"title", path + "/median"}}, figure(estimate.median, scale));
  // Where all rounds agree, an interval says nothing.
  if (estimate.low && estimate.high && *estimate.low != *estimate.high)
    html.leaf("span", {{"class", "interval"}, {"title", path + "/low, " + path + "/high"}}, interval(estimate, scale));
}

void write_rows(Markup& html, const SpeedPanel& panel, const std::set<std::string>& names, Estimates estimates,
                std::string_view member) {
  const auto table = html.element("table", {{"class", "speed"}});
  {
    const auto head = html.element("thead");
    const auto row = html.element("tr");
    html.leaf("th", {{"scope", "col"}}, "Scenario");
    for (const auto& name : names) html.leaf("th", {{"scope", "col"}}, label_of(name));
    html.leaf("th", {{"scope", "col"}}, "rounds");
  }
  const auto body = html.element("tbody");
  for (const auto& series : panel.series)
    for (const auto& point : series.points) {
      const auto& all = point.summary->*estimates;
      if (all.empty()) continue;
      html.newline();
      const auto row = html.element("tr");
      {
        const auto head = html.element("th", {{"scope", "row"}});
        html.leaf(series.right ? "span" : "s", series.label);
        html.leaf("div", {{"class", "says"}}, words_of(point.summary->parameters));
      }
      for (const auto& name : names) {
        const auto found = all.find(name);
        if (found == all.end())
          html.leaf("td", {{"class", "none"}}, "–");
        else
          write_estimate(html, found->second, unit_of(name),
                         fmt::format("summaries/{}/{}/{}", point.position, member, name));
      }
      html.leaf("td", std::to_string(all.begin()->second.rounds));
    }
}

}  // namespace

void write_counters(Markup& html, const SpeedPanel& panel) {
  const auto names = names_in(panel, &Summary::counters);
  if (names.empty()) return;
  html.leaf("h4", "Counters of the scenarios' own");
  const auto scroll = html.element(
      "div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Counters, " + panel.family}});
  write_rows(html, panel, names, &Summary::counters, "counters");
}

void write_measures(Markup& html, const SpeedPanel& panel) {
  const auto names = names_in(panel, &Summary::measures);
  if (names.empty()) return;
  const auto details = html.element("details", {{"class", "fold"}});
  html.leaf("summary", "All that was measured");
  const auto scroll = html.element(
      "div",
      {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "All measures, " + panel.family}});
  write_rows(html, panel, names, &Summary::measures, "measures");
}

}  // namespace chicane::reports
