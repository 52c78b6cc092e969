// What was found, in short: first what nobody declared.
#include <algorithm>

#include <fmt/format.h>

#include "reports/figures.h"
#include "reports/html/sections.h"
#include "reports/places.h"

namespace chicane::reports {
namespace {

void write_group(Markup& html, const PageContext& page, Standing standing, std::string_view title,
                 std::string_view none) {
  const auto group = html.element("div", {{"class", "group"}});
  html.leaf("h3", title);
  const auto fits = [&](const auto& view) { return view.standing == standing; };
  if (std::ranges::none_of(page.reading.findings(), fits)) {
    html.leaf("p", {{"class", "muted"}}, none);
    return;
  }
  const auto list = html.element("ul", {{"class", "found"}});
  for (const auto& view : page.reading.findings()) {
    if (!fits(view)) continue;
    html.newline();
    const auto item = html.element("li");
    html.leaf("a", {{"href", "#" + view.id}}, title_of(*view.finding));
    for (const auto& own : by_scenario(view.occurrences)) {
      const auto line = html.element("div", {{"class", "seen"}});
      html.text(fmt::format("{}: ", own.front()->scenario_id));
      for (const auto* occurrence : own) {
        if (occurrence != own.front()) html.text(", ");
        html.text(fmt::format("{} ", name(occurrence->lane)));
        html.leaf("i", fmt::format("{} of {}", count(occurrence->seen), count(occurrence->of)));
      }
    }
    if (!view.allowed_because.empty()) html.leaf("div", {{"class", "seen"}}, "It may: " + view.allowed_because);
  }
}

}  // namespace

void write_found(Markup& html, const PageContext& page) {
  const auto section = html.element("section", {{"id", "found"}});
  html.leaf("h2", "What was found");
  if (!page.reading.findings().empty())
    html.leaf("p", {{"class", "muted"}}, "How many processes showed it, of those that could have, by lane.");
  const auto groups = html.element("div", {{"class", "groups"}});
  write_group(html, page, Standing::undeclared, "Not declared", "Nothing that was not declared.");
  write_group(html, page, Standing::declared, "Declared, and found", "Nothing that was declared.");
  if (std::ranges::any_of(page.reading.findings(), [](const auto& view) { return view.standing == Standing::allowed; }))
    write_group(html, page, Standing::allowed, "Allowed, and seen", "");
  html.newline();
}

}  // namespace chicane::reports
