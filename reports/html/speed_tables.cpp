#include "reports/html/speed_tables.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>

#include <fmt/format.h>

#include "reports/beside_best.h"
#include "reports/figures.h"
#include "reports/reading.h"
#include "reports/scaling.h"

namespace chicane::reports {
namespace {

// For drawing, "8.3123 8.27 8.4" or without an interval "8.3123": far more digits than any screen has points.
std::string drawn(double value, const std::optional<double>& low, const std::optional<double>& high) {
  return low && high ? fmt::format("{:.5g} {:.5g} {:.5g}", value, *low, *high) : fmt::format("{:.5g}", value);
}

std::string ordinal(unsigned rank) {
  const bool teen = rank % 100 / 10 == 1;
  const auto* ending = teen ? "th" : rank % 10 == 1 ? "st" : rank % 10 == 2 ? "nd" : rank % 10 == 3 ? "rd" : "th";
  return fmt::format("{}{}", rank, ending);
}

// `member` of a summary is what the table shows.
void write_columns(Markup& html, const SpeedPanel& panel, const std::string& member) {
  const auto head = html.element("thead");
  const auto row = html.element("tr");
  html.leaf("th", {{"scope", "col"}}, "Scenario");
  for (const auto x : panel.xs) {
    const auto column = html.element("th", {{"scope", "col"}, {"data-x", std::to_string(x)}, {"title?", member}});
    html.text(panel.words_of_x(x));
    const bool over = std::ranges::any_of(panel.series, [&](const auto& series) {
      const auto* point = series.at(x);
      return point != nullptr && point->summary->oversubscribed;
    });
    if (over) html.leaf("div", {{"class", "muted"}}, "oversubscribed");
  }
}

void write_name(Markup& html, const SpeedSeries& series, bool with_reason) {
  const auto head = html.element("th");
  if (series.right)
    html.text(series.label);
  else
    html.leaf("s", series.label);
  if (!series.right && with_reason) html.paragraph("not ranked: " + series.why_not_ranked);
}

using WriteCell = std::function<void(const SpeedSeries&, const SpeedPoint*)>;
using Takes = std::function<bool(const SpeedSeries&)>;

// Right answers, a line, wrong ones.
void write_table(Markup& html, const SpeedPanel& panel, Markup::Attributes attributes, const std::string& member,
                 bool with_reason, const Takes& takes, const WriteCell& write_cell) {
  const auto table = html.element("table", attributes);
  write_columns(html, panel, member);
  for (const bool right : {true, false}) {
    const auto fits = [&](const SpeedSeries& series) { return series.right == right && takes(series); };
    if (std::ranges::none_of(panel.series, fits)) continue;
    html.newline();
    const auto body = html.element("tbody", {{"class", right ? "right" : "wrong"}});
    for (const auto& series : panel.series) {
      if (!fits(series)) continue;
      html.newline();
      const auto row = html.element("tr");
      write_name(html, series, with_reason);
      for (const auto x : panel.xs) write_cell(series, series.at(x));
    }
  }
}

void write_nothing(Markup& html) { html.leaf("td", {{"class", "none"}}, "–"); }

void write_time(Markup& html, const SpeedSeries& series, const SpeedPoint* point) {
  const auto* time = point == nullptr ? nullptr : time_per_operation(*point);
  if (time == nullptr) return write_nothing(html);
  const auto scale = scale_for(time->median, Unit::nanoseconds);
  const auto between = interval(*time, scale);
  const auto cell = html.element("td", {{"title", fmt::format("summaries/{}", point->position)},
                                        {"data-y", drawn(time->median, time->low, time->high)},
                                        {"data-over?", point->summary->oversubscribed ? "1" : ""}});
  if (series.right)
    html.text(figure(time->median, scale));
  else
    html.leaf("s", figure(time->median, scale));
  if (point->rank != 0) html.leaf("em", (point->tied ? "≈ " : "") + ordinal(point->rank));
  html.paragraph(between.empty() ? fmt::format("no interval: {}", plural(time->rounds, "round")) : between);
}

// `path` of its summary, where the row has none.
void write_estimate(Markup& html, const Estimate& estimate, Unit unit, const std::string& path = "") {
  const auto scale = scale_for(estimate.median, unit);
  const auto cell = html.element("td", {{"title?", path}});
  html.text(figure(estimate.median, scale));
  // Where all rounds agree, or to more digits than are told, an interval says nothing.
  if (estimate.low && estimate.high && number(*estimate.low, scale) != number(*estimate.high, scale))
    html.paragraph(interval(estimate, scale));
}

using Estimates = std::map<std::string, Estimate> Summary::*;

std::set<std::string> names_in(std::span<const SpeedPanel> panels, Estimates estimates) {
  std::set<std::string> names;
  for (const auto& panel : panels)
    for (const auto& series : panel.series)
      for (const auto& point : series.points)
        for (const auto& [name, estimate] : point.summary->*estimates) names.insert(name);
  return names;
}

const Estimate* find(const std::map<std::string, Estimate>& estimates, const std::string& name) {
  const auto found = estimates.find(name);
  return found == estimates.end() ? nullptr : &found->second;
}

// A row a point.
void write_measures(Markup& html, const SpeedSeries& series, const std::set<std::string>& names) {
  std::vector<const SpeedPoint*> measured;
  for (const auto& point : series.points)
    if (!point.summary->measures.empty()) measured.push_back(&point);
  for (const auto* point : measured) {
    const auto& all = point->summary->measures;
    html.newline();
    const auto row = html.element("tr", {{"title", fmt::format("summaries/{}", point->position)}});
    if (point == measured.front()) {
      const auto head = html.element(
          "th", {{"scope", "rowgroup"}, {measured.size() == 1 ? "" : "rowspan", std::to_string(measured.size())}});
      if (series.right)
        html.text(series.label);
      else
        html.leaf("s", series.label);
    }
    const auto& host = point->summary->host;
    html.leaf("td", words_of(point->summary->parameters) + (host.empty() ? "" : ", host " + host));
    for (const auto& name : names) {
      const auto* estimate = find(all, name);
      if (estimate == nullptr)
        html.leaf("td", "");  // the style sheet's dash: a third of these cells
      else
        write_estimate(html, *estimate, unit_of(name));
    }
    const auto most = std::ranges::max_element(all, {}, [](const auto& each) { return each.second.rounds; });
    html.leaf("td", std::to_string(most->second.rounds));
  }
}

bool scales(const SpeedSeries& series) {
  return series.right && series.points.size() > 1 && speedup(series, series.points.back());
}

}  // namespace

void write_times(Markup& html, const SpeedPanel& panel, std::uint32_t cores) {
  const auto region = scrolling(html, "Time per operation, " + panel.family);
  write_table(
      html, panel,
      {{"class", "speed"},
       {"data-chart", "time"},
       {"data-x-name", panel.x_name},
       {"data-cores", std::to_string(cores)}},
      std::string("measures/") + ranked_measure, true, [](const auto&) { return true; },
      [&](const auto& series, const auto* point) { write_time(html, series, point); });
}

void write_counters(Markup& html, const SpeedPanel& panel) {
  for (const auto& name : names_in({&panel, 1}, &Summary::counters)) {
    html.leaf("h4", "Its own counter: " + label_of(name));
    const auto region = scrolling(html, label_of(name) + ", " + panel.family);
    write_table(
        html, panel, {{"class", "speed"}}, "counters/" + name, false,
        [&](const SpeedSeries& series) {
          return std::ranges::any_of(series.points, [&](const auto& p) { return find(p.summary->counters, name); });
        },
        [&](const auto&, const SpeedPoint* point) {
          const auto* estimate = point == nullptr ? nullptr : find(point->summary->counters, name);
          if (estimate == nullptr) return write_nothing(html);
          write_estimate(html, *estimate, unit_of(name), fmt::format("summaries/{}", point->position));
        });
  }
}

void write_scaling(Markup& html, const SpeedPanel& panel, std::uint32_t cores) {
  if (std::ranges::none_of(panel.series, scales)) return;
  const auto details = html.element("details", {{"class", "fold"}});
  html.leaf("summary", "Throughput relative to " + panel.words_of_x(1));
  const auto region = scrolling(html, "Scaling, " + panel.family);
  write_table(html, panel,
              {{"class", "speed"},
               {"data-chart", "scaling"},
               {"data-x-name", panel.x_name},
               {"data-one", panel.words_of_x(1)},
               {"data-cores", std::to_string(cores)}},
              "", false, scales, [&](const SpeedSeries& series, const SpeedPoint* point) {
                const auto gain = point == nullptr ? std::nullopt : speedup(series, *point);
                if (!gain) return write_nothing(html);
                const auto cell = html.element("td", {{"data-y", drawn(gain->ratio, gain->low, gain->high)},
                                                      {"data-over?", point->summary->oversubscribed ? "1" : ""}});
                html.text(ratio(gain->ratio));
                if (const auto between = interval(*gain); !between.empty()) html.paragraph(between);
              });
}

void write_beside_best(Markup& html, const SpeedPanel& panel) {
  const auto found = beside_best(panel);
  if (!found) return;
  const auto details = html.element("details", {{"class", "fold"}});
  html.leaf("summary",
            fmt::format("Slower than the best with {}, and what they do more of", panel.words_of_x(found->x)));
  const auto list = html.element("ul");
  for (const auto& slower : found->slower) {
    html.newline();
    html.leaf("li", {{"title", fmt::format("summaries/{}", slower.point->position)}}, words_of(slower, *found->best));
  }
}

void write_fits(Markup& html, const SpeedPanel& panel, const Run& run) {
  const auto is_here = [&](const Fit& fit) {
    return std::ranges::any_of(panel.series, [&](const SpeedSeries& series) {
      return std::ranges::any_of(series.points, [&](const SpeedPoint& point) {
        const auto& parameters = point.summary->parameters;
        return point.summary->scenario == fit.scenario && parameters.worker_kind == fit.worker_kind &&
               point.summary->host == fit.host && point.summary->build == fit.build &&
               std::ranges::includes(parameters.args, fit.args);
      });
    });
  };
  if (std::ranges::none_of(run.fits, is_here)) return;
  const auto details = html.element("details", {{"class", "fold"}});
  html.leaf("summary", "Laws of scalability");
  const auto list = html.element("ul");
  for (std::size_t i = 0; i < run.fits.size(); ++i) {
    if (!is_here(run.fits[i])) continue;
    html.newline();
    const auto item = html.element("li", {{"title", fmt::format("fits/{}", i)}});
    html.leaf("span", {{"class", "name"}}, name_of(run.fits[i]));
    html.text(": " + words_of(run.fits[i]));
  }
}

void write_measures(Markup& html, std::span<const SpeedPanel> panels) {
  const auto names = names_in(panels, &Summary::measures);
  if (names.empty()) return;
  const auto& family = panels.front().family;
  const auto details = html.element("details", {{"class", "fold"}});
  html.leaf("summary", "All that was measured of " + family);
  const auto region = scrolling(html, "All measures, " + family);
  const auto table = html.element("table", {{"class", "speed all"}});
  {
    const auto head = html.element("thead");
    const auto row = html.element("tr");
    html.leaf("th", {{"scope", "col"}}, "Scenario");
    html.leaf("th", {{"scope", "col"}, {"title", "parameters"}}, "With");
    for (const auto& name : names) html.leaf("th", {{"scope", "col"}, {"title", "measures/" + name}}, label_of(name));
    html.leaf("th", {{"scope", "col"}}, "rounds");
  }
  const auto body = html.element("tbody");
  for (const auto& panel : panels)
    for (const auto& series : panel.series) write_measures(html, series, names);
}

}  // namespace chicane::reports
