#include "reports/by_hand.h"

#include <string>

#include <fmt/format.h>

#include "reports/figures.h"
#include "reports/html/sections.h"
#include "reports/html/speed_tables.h"

namespace chicane::reports {
namespace {

std::string how_much_slower(const AgainstLibrary& each) {
  switch (each.slower) {
    case SlowerByATenth::yes: return each.why;
    case SlowerByATenth::no: return "not by a tenth";
    case SlowerByATenth::not_shown: break;
  }
  return "not surely by a tenth" + (each.why.empty() ? "" : "; if so: " + each.why);
}

}  // namespace

void write_by_hand(Markup& html, const SpeedPanel& panel, const Run& run) {
  const auto all = against_libraries(panel, run);
  if (all.empty()) return;
  html.leaf("h4", "Written by hand, against the best of a library");
  const auto region = scrolling(html, "Against libraries, " + panel.family);
  const auto table = html.element("table", {{"class", "speed against"}});
  {
    const auto head = html.element("thead");
    const auto row = html.element("tr");
    for (const auto* name : {"Scenario", "With", "Best library", "Time against it", "Why it is slower"})
      html.leaf("th", {{"scope", "col"}}, name);
  }
  const auto body = html.element("tbody");
  for (const auto& each : all) {
    html.newline();
    const auto row = html.element("tr", {{"title", fmt::format("summaries/{}", each.point->position)}});
    html.leaf("th", {{"scope", "row"}}, each.own->label);
    html.leaf("td", panel.words_of_x(each.point->x) + (each.point->summary->oversubscribed ? ", oversubscribed" : ""));
    html.leaf("td", each.library->label);
    {
      const auto cell = html.element("td");
      html.text(ratio(each.times.ratio));
      if (const auto between = interval(each.times); !between.empty()) html.paragraph(between);
    }
    html.leaf("td", {{"class?", each.slower == SlowerByATenth::yes ? "" : "muted"}}, how_much_slower(each));
  }
}

}  // namespace chicane::reports
