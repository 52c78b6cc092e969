#include "reports/html/picture.h"

#include <fmt/format.h>

#include "harness/judge/fingerprint.h"
#include "reports/figures.h"
#include "reports/html/sections.h"
#include "reports/picture.h"
#include "reports/places.h"

namespace chicane::reports {
namespace {

void write_step(Markup& html, const PictureStep& step, const std::vector<Source>& sources) {
  html.leaf("div", {{"class", "does"}}, words_of(step));
  if (const auto source = source_line(step, sources); !source.empty()) html.leaf("code", {{"class", "code"}}, source);
  if (!step.stack.empty()) {
    const auto& frame = step.stack.front();
    const auto place = html.element("div", {{"class", "place"}});
    html.text(normalized_function(frame.function));
    html.text(" ");
    html.leaf("span", {{"class", "position"}}, position_of(frame));
  }
  if (const auto state = state_of(step); !state.empty()) html.leaf("div", {{"class", "holds"}}, state);
}

void write_row(Markup& html, const Evidence& evidence, const PictureStep& step, std::size_t number,
               const std::vector<Source>& sources) {
  const auto& threads = evidence.picture->threads;
  const auto columns = std::to_string(threads.size() + 1);
  if (step.left_out != 0) {
    const auto row = html.element("tr", {{"class", "gap"}});
    html.leaf("td", {{"colspan", columns}}, plural(step.left_out, "step") + " not shown");
    html.newline();
  }
  const bool switch_matters = step.matters && step.switched;
  if (switch_matters) {
    const auto row = html.element("tr", {{"class", "switch"}});
    html.leaf(
        "td", {{"colspan", columns}},
        fmt::format("Here {} goes on: without this switch it does not happen", thread_name(evidence, step.thread)));
    html.newline();
  }
  const auto row = html.element("tr", {{"class?", step.matters ? "matters" : ""}});
  html.leaf("th", {{"scope", "row"}}, std::to_string(number));
  for (const auto thread : threads) {
    if (thread != step.thread) {
      html.leaf("td", {{"class", "idle"}}, "");
      continue;
    }
    const auto cell = html.element("td", {{"data-thread", column_title(evidence, thread)}});
    write_step(html, step, sources);
  }
}

}  // namespace

void write_picture(Markup& html, const Finding& finding, const std::vector<Source>& sources) {
  const auto& evidence = finding.evidence;
  if (!evidence.picture || evidence.picture->steps.empty()) return;
  const auto around = html.element("div", {{"class", "picture"}});
  html.leaf("h4", "Step by step");
  html.leaf(
      "p", {{"class", "muted"}},
      "One schedule that shows it, with as few switches as were found: each column is a thread, time goes downwards.");
  const auto scroll = scrolling(html, "Step by step");
  const auto table = html.element("table", {{"class", "steps"}});
  {
    const auto head = html.element("thead");
    const auto row = html.element("tr");
    html.leaf("th", {{"scope", "col"}}, "Step");
    for (const auto thread : evidence.picture->threads)
      html.leaf("th", {{"scope", "col"}}, column_title(evidence, thread));
  }
  html.newline();
  const auto body = html.element("tbody");
  std::size_t number = 0;
  for (const auto& step : evidence.picture->steps) {
    number += 1 + step.left_out;
    write_row(html, evidence, step, number, sources);
    html.newline();
  }
}

}  // namespace chicane::reports
