#include "reports/html/picture.h"

#include <map>

#include <fmt/format.h>

#include "harness/judge/fingerprint.h"
#include "reports/figures.h"
#include "reports/html/sections.h"
#include "reports/picture.h"
#include "reports/places.h"

namespace chicane::reports {
namespace {

// The place only where it is another than that of the thread's step before.
void write_step(Markup& html, const PictureStep& step, const PictureStep* before, const std::vector<Source>& sources) {
  html.leaf("b", words_of(step));
  if (!step.stack.empty() &&
      (before == nullptr || before->stack.empty() || before->stack.front() != step.stack.front())) {
    if (const auto source = source_line(step, sources); !source.empty()) html.leaf("code", source);
    const auto& frame = step.stack.front();
    html.leaf("i", fmt::format("{} {}", normalized_function(frame.function), position_of(frame)));
  }
  if (const auto state = state_of(step); !state.empty()) html.leaf("em", state);
}

void write_row(Markup& html, const Evidence& evidence, const PictureStep& step, const PictureStep* before,
               std::size_t number, const std::vector<Source>& sources) {
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
  html.leaf("th", std::to_string(number));
  for (const auto thread : threads) {
    if (thread != step.thread) {
      html.leaf("td", "");
      continue;
    }
    const auto cell = html.element("td", {{"data-thread", fmt::format("T{}", thread)}});
    write_step(html, step, before, sources);
  }
}

void write_table(Markup& html, const Evidence& evidence, const std::vector<Source>& sources) {
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
  std::map<std::uint32_t, const PictureStep*> last;  // of each thread
  for (const auto& step : evidence.picture->steps) {
    number += 1 + step.left_out;
    write_row(html, evidence, step, last[step.thread], number, sources);
    last[step.thread] = &step;
    html.newline();
  }
}

}  // namespace

void write_picture(Markup& html, const Finding& finding, const std::vector<Source>& sources, Told& told) {
  const auto& evidence = finding.evidence;
  if (!evidence.picture || evidence.picture->steps.empty()) return;
  Markup table(Markup::Language::html);
  write_table(table, evidence, sources);
  const auto text = std::move(table).take();
  std::string anchor;
  if (const auto before = told.before(text, anchor); !before.empty()) {
    const auto line = html.element("p", {{"class", "picture"}});
    html.text("Step by step: ");
    html.leaf("a", {{"href", "#" + before}}, "the same as told before");
    return;
  }
  const auto around = html.element("div", {{"class", "picture"}, {"id", anchor}});
  html.leaf("h4", "Step by step");
  html.raw(text);  // made above
}

}  // namespace chicane::reports
