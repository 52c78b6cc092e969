// How fast: for each family a table, from whose cells report.js draws the charts, so that both tell the same.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "reports/figures.h"
#include "reports/html/measures.h"
#include "reports/html/sections.h"

namespace chicane::reports {
namespace {

std::string ordinal(unsigned rank) {
  const auto* ending = rank % 100 / 10 == 1 ? "th"
                       : rank % 10 == 1     ? "st"
                       : rank % 10 == 2     ? "nd"
                       : rank % 10 == 3     ? "rd"
                                            : "th";
  return fmt::format("{}{}", rank, ending);
}

// As JSON has it: the shortest digits that read back as the same number.
std::string exact(double value) { return fmt::format("{}", value); }
std::string exact(const std::optional<double>& value) { return value ? exact(*value) : ""; }

bool oversubscribed(const SpeedPanel& panel, std::int64_t x) {
  return std::ranges::any_of(panel.series, [&](const auto& series) {
    const auto* point = series.at(x);
    return point != nullptr && point->summary->oversubscribed;
  });
}

void write_columns(Markup& html, const SpeedPanel& panel) {
  const auto head = html.element("thead");
  const auto row = html.element("tr");
  html.leaf("th", {{"scope", "col"}}, "Scenario");
  const bool counts_workers = panel.x_name == "workers";
  for (const auto x : panel.xs) {
    const auto column = html.element("th", {{"scope", "col"}});
    html.text(counts_workers ? plural(static_cast<std::uint64_t>(x), "worker") : fmt::format("{} {}", x, panel.x_name));
    if (oversubscribed(panel, x)) html.leaf("div", {{"class", "muted"}}, "oversubscribed");
  }
}

void write_name(Markup& html, const SpeedSeries& series) {
  const auto head = html.element("th", {{"scope", "row"}});
  if (series.right) {
    html.leaf("span", {{"class", "name"}}, series.label);
    return;
  }
  html.leaf("s", series.label);
  html.leaf("div", {{"class", "says"}}, "not ranked: " + series.why_not_ranked);
}

void write_time(Markup& html, const SpeedPanel& panel, const SpeedPoint* point) {
  const auto* time = point == nullptr ? nullptr : time_per_operation(*point);
  if (time == nullptr) {
    html.leaf("td", {{"class", "none"}}, "–");
    return;
  }
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
               {"title", fmt::format("among right answers at {} {}{}", point->x, panel.x_name,
                                     point->tied ? "; its interval overlaps that of the rank before" : "")}},
              (point->tied ? "≈ " : "") + ordinal(point->rank));
  html.leaf("span", {{"class", "interval"}, {"title", path + "/low, " + path + "/high"}},
            between.empty() ? fmt::format("no interval: {}", plural(time->rounds, "round")) : between);
}

void write_times(Markup& html, const SpeedPanel& panel, std::uint32_t cores) {
  const auto scroll = html.element("div", {{"class", "scroll"},
                                           {"tabindex", "0"},
                                           {"role", "region"},
                                           {"aria-label", "Time per operation, " + panel.family}});
  const auto table = html.element("table", {{"class", "speed"},
                                            {"data-chart", "time"},
                                            {"data-x-name", panel.x_name},
                                            {"data-cores", std::to_string(cores)}});
  html.leaf("caption", "Wall time per operation over all workers: median, and its 95 % interval.");
  write_columns(html, panel);
  for (const bool right : {true, false}) {
    if (std::ranges::none_of(panel.series, [&](const auto& series) { return series.right == right; })) continue;
    html.newline();
    const auto body = html.element("tbody", {{"class", right ? "right" : "wrong"}});
    for (const auto& series : panel.series) {
      if (series.right != right) continue;
      html.newline();
      const auto row = html.element("tr", {{"data-series", series.label}});
      write_name(html, series);
      for (const auto x : panel.xs) write_time(html, panel, series.at(x));
    }
  }
}

bool scales(const SpeedPanel& panel) {
  return std::ranges::any_of(panel.series, [](const auto& series) {
    return series.right && series.points.size() > 1 && speedup(series, series.points.back());
  });
}

void write_scaling(Markup& html, const SpeedPanel& panel, std::uint32_t cores) {
  if (!scales(panel)) return;
  const auto details = html.element("details", {{"class", "fold"}});
  html.leaf("summary", "Scaling as a table");
  const auto scroll = html.element(
      "div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Scaling, " + panel.family}});
  const auto table = html.element("table", {{"class", "speed"},
                                            {"data-chart", "scaling"},
                                            {"data-x-name", panel.x_name},
                                            {"data-cores", std::to_string(cores)}});
  html.leaf("caption",
            "Throughput relative to one. Ideal is as many times as there are; intervals are from the ends of both 95 % "
            "intervals (together at least 90 %).");
  write_columns(html, panel);
  const auto body = html.element("tbody");
  for (const auto& series : panel.series) {
    if (!series.right || series.points.size() < 2 || series.at(1) == nullptr) continue;
    html.newline();
    const auto row = html.element("tr", {{"data-series", series.label}});
    write_name(html, series);
    for (const auto x : panel.xs) {
      const auto* point = series.at(x);
      const auto gain = point == nullptr ? std::nullopt : speedup(series, *point);
      if (!gain) {
        html.leaf("td", {{"class", "none"}}, "–");
        continue;
      }
      const auto cell = html.element("td", {{"data-x", std::to_string(x)},
                                            {"data-y", exact(gain->ratio)},
                                            {"data-low?", exact(gain->low)},
                                            {"data-high?", exact(gain->high)},
                                            {"data-over?", point->summary->oversubscribed ? "1" : ""}});
      html.leaf("span", {{"class", "value"}}, ratio(gain->ratio));
      if (gain->low && gain->high)
        html.leaf("span", {{"class", "interval"}}, fmt::format("{:.2f}–{:.2f}", *gain->low, *gain->high));
    }
  }
}

}  // namespace

void write_speed(Markup& html, const PageContext& page) {
  const auto& run = page.reading.run();
  const auto section = html.element("section", {{"id", "speed"}});
  html.leaf("h2", "Speed");
  if (page.panels.empty()) {
    html.leaf("p", {{"class", "muted"}}, "This run measured no speed.");
    return;
  }
  html.leaf(
      "p", {{"class", "muted"}},
      "Right answers are ranked at an equal number of workers; ≈ marks one whose interval overlaps that of the rank "
      "before it, so that this run shows no difference. Wrong answers are struck out and never ranked.");
  const auto cores = run.hosts.empty() ? 0 : run.hosts.front().cores;
  for (const auto& panel : page.panels) {
    html.newline();
    const auto card = html.element("article", {{"class", "card panel"}});
    html.leaf("h3", panel.title.empty() ? panel.family : fmt::format("{}, {}", panel.family, panel.title));
    html.leaf("div", {{"class", "charts"}}, "");
    write_times(html, panel, cores);
    write_counters(html, panel);
    write_scaling(html, panel, cores);
    write_measures(html, panel);
  }
  html.newline();
}

}  // namespace chicane::reports
