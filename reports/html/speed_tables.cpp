#include "reports/html/speed_tables.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include <fmt/format.h>

#include "reports/figures.h"
#include "reports/reading.h"
#include "reports/scaling.h"

namespace chicane::reports {
namespace {

// As JSON has it: the shortest digits that read back as the same number.
std::string exact(double value) { return fmt::format("{}", value); }
std::string exact(const std::optional<double>& value) { return value ? exact(*value) : ""; }

std::string ordinal(unsigned rank) {
  const bool teen = rank % 100 / 10 == 1;
  const auto* ending = teen ? "th" : rank % 10 == 1 ? "st" : rank % 10 == 2 ? "nd" : rank % 10 == 3 ? "rd" : "th";
  return fmt::format("{}{}", rank, ending);
}

void write_columns(Markup& html, const SpeedPanel& panel) {
  const auto head = html.element("thead");
  const auto row = html.element("tr");
  html.leaf("th", {{"scope", "col"}}, "Scenario");
  for (const auto x : panel.xs) {
    const auto column = html.element("th", {{"scope", "col"}});
    html.text(panel.words_of_x(x));
    const bool over = std::ranges::any_of(panel.series, [&](const auto& series) {
      const auto* point = series.at(x);
      return point != nullptr && point->summary->oversubscribed;
    });
    if (over) html.leaf("div", {{"class", "muted"}}, "oversubscribed");
  }
}

void write_name(Markup& html, const SpeedSeries& series, bool with_reason) {
  const auto head = html.element("th", {{"scope", "row"}});
  html.leaf(series.right ? "span" : "s", {{"class", "name"}}, series.label);
  if (!series.right && with_reason) html.leaf("div", {{"class", "says"}}, "not ranked: " + series.why_not_ranked);
}

using WriteCell = std::function<void(const SpeedSeries&, const SpeedPoint*)>;
using Takes = std::function<bool(const SpeedSeries&)>;

// Right answers, a line, wrong ones.
void write_table(Markup& html, const SpeedPanel& panel, Markup::Attributes attributes, bool with_reason,
                 const Takes& takes, const WriteCell& write_cell) {
  const auto table = html.element("table", attributes);
  write_columns(html, panel);
  for (const bool right : {true, false}) {
    const auto fits = [&](const SpeedSeries& series) { return series.right == right && takes(series); };
    if (std::ranges::none_of(panel.series, fits)) continue;
    html.newline();
    const auto body = html.element("tbody", {{"class", right ? "right" : "wrong"}});
    for (const auto& series : panel.series) {
      if (!fits(series)) continue;
      html.newline();
      const auto row = html.element("tr", {{"data-series", series.label}});
      write_name(html, series, with_reason);
      for (const auto x : panel.xs) write_cell(series, series.at(x));
    }
  }
}

void write_nothing(Markup& html) { html.leaf("td", {{"class", "none"}}, "–"); }

void write_time(Markup& html, const SpeedPanel& panel, const SpeedPoint* point) {
  const auto* time = point == nullptr ? nullptr : time_per_operation(*point);
  if (time == nullptr) return write_nothing(html);
  const auto path = fmt::format("summaries/{}/measures/{}", point->position, ranked_measure);
  const auto scale = scale_for(time->median, Unit::nanoseconds);
  const auto between = interval(*time, scale);
  const auto cell = html.element("td", {{"data-x", std::to_string(point->x)},
                                        {"data-y", exact(time->median)},
                                        {"data-low?", exact(time->low)},
                                        {"data-high?", exact(time->high)},
                                        {"data-over?", point->summary->oversubscribed ? "1" : ""}});
  html.leaf("span", {{"class", "value"}, {"title", path + "/median"}}, figure(time->median, scale));
  if (point->rank != 0)
    html.leaf("span",
              {{"class", "rank"},
               {"title", fmt::format("among right answers with {}{}", panel.words_of_x(point->x),
                                     point->tied ? "; its interval overlaps that of the rank before" : "")}},
              (point->tied ? "≈ " : "") + ordinal(point->rank));
  html.leaf("span", {{"class", "interval"}, {"title", path + "/low, " + path + "/high"}},
            between.empty() ? fmt::format("no interval: {}", plural(time->rounds, "round")) : between);
}

void write_estimate(Markup& html, const Estimate& estimate, Unit unit, const std::string& path) {
  const auto scale = scale_for(estimate.median, unit);
  const auto cell = html.element("td");
  html.leaf("span", {{"class", "value"}, {"title", path + "/median"}}, figure(estimate.median, scale));
  // Where all rounds agree, an interval says nothing.
  if (estimate.low && estimate.high && *estimate.low != *estimate.high)
    html.leaf("span", {{"class", "interval"}, {"title", path + "/low, " + path + "/high"}}, interval(estimate, scale));
}

using Estimates = std::map<std::string, Estimate> Summary::*;

std::set<std::string> names_in(const SpeedPanel& panel, Estimates estimates) {
  std::set<std::string> names;
  for (const auto& series : panel.series)
    for (const auto& point : series.points)
      for (const auto& [name, estimate] : point.summary->*estimates) names.insert(name);
  return names;
}

const Estimate* find(const std::map<std::string, Estimate>& estimates, const std::string& name) {
  const auto found = estimates.find(name);
  return found == estimates.end() ? nullptr : &found->second;
}

bool scales(const SpeedSeries& series) {
  return series.right && series.points.size() > 1 && speedup(series, series.points.back());
}

// As wide as it needs; what is wider than the page scrolls by itself, with the keyboard too.
}  // namespace

void write_times(Markup& html, const SpeedPanel& panel, std::uint32_t cores) {
  html.leaf("p", {{"class", "caption"}}, "Wall time per operation over all workers: median, and its 95 % interval.");
  const auto region = scrolling(html, "Time per operation, " + panel.family);
  write_table(
      html, panel,
      {{"class", "speed"},
       {"data-chart", "time"},
       {"data-x-name", panel.x_name},
       {"data-cores", std::to_string(cores)}},
      true, [](const auto&) { return true; }, [&](const auto&, const auto* point) { write_time(html, panel, point); });
}

void write_counters(Markup& html, const SpeedPanel& panel) {
  for (const auto& name : names_in(panel, &Summary::counters)) {
    html.leaf("h4", "Its own counter: " + label_of(name));
    const auto region = scrolling(html, label_of(name) + ", " + panel.family);
    write_table(
        html, panel, {{"class", "speed"}}, false,
        [&](const SpeedSeries& series) {
          return std::ranges::any_of(series.points, [&](const auto& p) { return find(p.summary->counters, name); });
        },
        [&](const auto&, const SpeedPoint* point) {
          const auto* estimate = point == nullptr ? nullptr : find(point->summary->counters, name);
          if (estimate == nullptr) return write_nothing(html);
          write_estimate(html, *estimate, unit_of(name),
                         fmt::format("summaries/{}/counters/{}", point->position, name));
        });
  }
}

void write_scaling(Markup& html, const SpeedPanel& panel, std::uint32_t cores) {
  if (std::ranges::none_of(panel.series, scales)) return;
  const auto details = html.element("details", {{"class", "fold"}});
  html.leaf("summary", "Scaling as a table");
  html.leaf(
      "p", {{"class", "caption"}},
      fmt::format("Throughput relative to {}. Ideal is as many times as there are. Intervals are from the ends of "
                  "both 95 % intervals, so they hold at least 90\u00a0%.",
                  panel.words_of_x(1)));
  const auto region = scrolling(html, "Scaling, " + panel.family);
  write_table(html, panel,
              {{"class", "speed"},
               {"data-chart", "scaling"},
               {"data-x-name", panel.x_name},
               {"data-one", panel.words_of_x(1)},
               {"data-cores", std::to_string(cores)}},
              false, scales, [&](const SpeedSeries& series, const SpeedPoint* point) {
                const auto gain = point == nullptr ? std::nullopt : speedup(series, *point);
                if (!gain) return write_nothing(html);
                const auto cell = html.element("td", {{"data-x", std::to_string(point->x)},
                                                      {"data-y", exact(gain->ratio)},
                                                      {"data-low?", exact(gain->low)},
                                                      {"data-high?", exact(gain->high)},
                                                      {"data-over?", point->summary->oversubscribed ? "1" : ""}});
                html.leaf("span", {{"class", "value"}}, ratio(gain->ratio));
                if (gain->low && gain->high)
                  html.leaf("span", {{"class", "interval"}}, fmt::format("{:.2f}–{:.2f}", *gain->low, *gain->high));
              });
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
  html.leaf(
      "p", {{"class", "caption"}},
      "The Universal Scalability Law, throughput = λn / (1 + σ(n−1) + κn(n−1)), fitted to the medians at all sizes "
      "n, with 95 % intervals. A peak is told only where κ's interval does not span 0.");
  const auto list = html.element("ul");
  for (std::size_t i = 0; i < run.fits.size(); ++i) {
    if (!is_here(run.fits[i])) continue;
    html.newline();
    const auto item = html.element("li", {{"title", fmt::format("fits/{}", i)}});
    html.leaf("span", {{"class", "name"}}, name_of(run.fits[i]));
    html.text(": " + words_of(run.fits[i]));
  }
}

void write_measures(Markup& html, const SpeedPanel& panel) {
  const auto names = names_in(panel, &Summary::measures);
  if (names.empty()) return;
  const auto details = html.element("details", {{"class", "fold"}});
  html.leaf("summary", "All that was measured");
  const auto region = scrolling(html, "All measures, " + panel.family);
  const auto table = html.element("table", {{"class", "speed all"}});
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
      const auto& all = point.summary->measures;
      if (all.empty()) continue;
      html.newline();
      const auto row = html.element("tr");
      {
        const auto head = html.element("th", {{"scope", "row"}});
        html.leaf(series.right ? "span" : "s", series.label);
        html.leaf("div", {{"class", "says"}}, words_of(point.summary->parameters));
      }
      for (const auto& name : names) {
        const auto* estimate = find(all, name);
        if (estimate == nullptr)
          write_nothing(html);
        else
          write_estimate(html, *estimate, unit_of(name), fmt::format("summaries/{}/measures/{}", point.position, name));
      }
      html.leaf("td", std::to_string(all.begin()->second.rounds));
    }
}

}  // namespace chicane::reports
