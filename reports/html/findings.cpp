// Each finding once, with all of its evidence: what, where, how often, and how to see it again.
#include <algorithm>

#include <fmt/format.h>

#include "reports/figures.h"
#include "reports/html/picture.h"
#include "reports/html/sections.h"
#include "reports/html/stacks.h"
#include "reports/picture.h"
#include "reports/places.h"

namespace chicane::reports {
namespace {

void write_occurrences(Markup& html, const PageContext& page, const FindingView& view) {
  const auto list = html.element("ul", {{"class", "occurrences"}});
  for (const auto& occurrence : view.occurrences) {
    const auto item = html.element("li");
    html.leaf("a", {{"href", "#" + scenario_anchor(page.reading, occurrence.scenario_id)}}, occurrence.scenario_id);
    html.text(fmt::format(" in {}: ", name(occurrence.lane)));
    html.leaf("strong", {{"title", fmt::format("trials/{}/findings is the first", occurrence.first_trial)}},
              fmt::format("{} of {}", count(occurrence.seen), plural(occurrence.of, "process", "processes")));
    if (occurrence.by_parameters.size() < 2) continue;
    std::string shares;
    for (const auto& [parameters, share] : occurrence.by_parameters)
      shares += fmt::format("{}{}: {} of {}", shares.empty() ? "" : "; ", words_of(parameters), count(share.seen),
                            count(share.of));
    html.leaf("span", {{"class", "muted"}}, " (" + shares + ")");
  }
}

std::string held(const Evidence& evidence, const Access& access) {
  if (access.mutexes.empty()) return evidence.mutexes.empty() ? "" : "holding no mutex";
  std::string words;
  for (const auto id : access.mutexes) words += fmt::format("{} M{}", words.empty() ? "holding" : ",", id);
  return words;
}

void write_side(Markup& html, std::string_view title, std::string_view subtitle, const Stack& stack,
                const std::vector<Source>& sources) {
  const auto side = html.element("div", {{"class", "side"}});
  html.leaf("h4", title);
  if (!subtitle.empty()) html.leaf("p", {{"class", "muted"}}, subtitle);
  write_source(html, stack, sources);
  write_stack(html, stack);
}

void write_sides(Markup& html, const Evidence& evidence, const std::vector<Source>& sources) {
  if (evidence.accesses.empty() && evidence.stacks.empty()) return;
  const auto sides = html.element("div", {{"class", "sides"}});
  for (const auto& access : evidence.accesses) {
    html.newline();
    write_side(html, capitalized(fmt::format("{} by {}", words_of(access), thread_name(evidence, access.thread))),
               held(evidence, access), access.stack, sources);
  }
  for (const auto& labelled : evidence.stacks) {
    html.newline();
    write_side(html, capitalized(labelled.label), "", labelled.stack, sources);
  }
}

void write_origin(Markup& html, std::string_view title, const Stack& stack) {
  if (stack.empty()) return;
  const auto origin = html.element("div");
  html.leaf("h4", title);
  write_stack(html, stack);
}

// Where the memory, the threads and the mutexes came from.
void write_origins(Markup& html, const Evidence& evidence) {
  const bool allocated = evidence.location && !evidence.location->allocated_at.empty();
  const bool created = std::ranges::any_of(evidence.threads, [](const auto& one) { return !one.created_at.empty(); });
  if (!allocated && !created && evidence.mutexes.empty()) return;
  const auto details = html.element("details", {{"class", "fold"}});
  std::string title = created ? "threads" : "";
  if (!evidence.mutexes.empty()) title += title.empty() ? "mutexes" : ", mutexes";
  if (allocated) title += title.empty() ? "memory" : ", memory";
  html.leaf("summary", "Where they come from: " + title);
  const auto origins = html.element("div", {{"class", "origins"}});
  if (allocated) write_origin(html, "The memory was allocated by", evidence.location->allocated_at);
  for (const auto& thread : evidence.threads)
    write_origin(html, capitalized(thread_name(evidence, thread.id)) + " was started by", thread.created_at);
  for (const auto& mutex : evidence.mutexes)
    write_origin(html, fmt::format("Mutex M{}{} was made by", mutex.id, mutex.destroyed ? " (since destroyed)" : ""),
                 mutex.created_at);
}

void write_facts(Markup& html, const FindingView& view) {
  const auto& evidence = view.finding->evidence;
  const auto facts = html.element("dl", {{"class", "facts"}});
  const auto fact = [&](std::string_view term, std::string_view words, std::string_view look = "") {
    const auto pair = html.element("div");
    html.leaf("dt", term);
    html.leaf("dd", {{"class?", look}}, words);
  };
  if (evidence.location) fact("Location", words_of(*evidence.location));
  if (evidence.signal) fact("Signal", std::to_string(*evidence.signal));
  if (evidence.exit_code) fact("Exit code", std::to_string(*evidence.exit_code));
  if (!evidence.limit.empty()) fact("Limit", evidence.limit);
  if (!view.allowed_because.empty()) fact("Allowed because", view.allowed_because);
  fact("Fingerprint", view.finding->fingerprint, "mono");
}

void write_finding(Markup& html, const PageContext& page, const FindingView& view) {
  const auto& finding = *view.finding;
  const auto article = html.element(
      "article",
      {{"class", fmt::format("card finding {}", view.standing == Standing::undeclared ? "undeclared" : "expected")},
       {"id", view.id}});
  {
    const auto head = html.element("header");
    html.leaf("h3", {{"title", fmt::format("findings/{}", view.id.substr(1))}}, capitalized(title_of(finding)));
    write_standing(html, view.standing);
  }
  if (!finding.evidence.message.empty()) html.leaf("p", {{"class", "message"}}, as_sentence(finding.evidence.message));
  write_occurrences(html, page, view);
  write_sides(html, finding.evidence, page.reading.run().sources);
  write_picture(html, finding, page.reading.run().sources);
  write_facts(html, view);
  write_origins(html, finding.evidence);
  if (!finding.evidence.output_tail.empty()) {
    const auto details = html.element("details", {{"class", "fold"}});
    html.leaf("summary", "The end of its output");
    const auto pre = html.element("pre", {{"class", "output"}, {"tabindex", "0"}});
    html.text(finding.evidence.output_tail, Layout::block);
  }
  if (view.occurrences.empty()) return;
  const auto line = html.element("p", {{"class", "again"}});
  html.text("See it again: ");
  html.leaf("code", page.reading.command_for(view.occurrences.front()));
  if (finding.evidence.schedule.empty()) return;
  const auto position = static_cast<std::size_t>(&finding - page.reading.run().findings.data());
  const auto name = schedule_name(page.reading.run(), position);
  html.text(" Step by step the same: ");
  html.leaf("code", "chicane replay schedules/" + name);
}

}  // namespace

void write_findings(Markup& html, const PageContext& page) {
  const auto section = html.element("section", {{"id", "findings"}});
  html.leaf("h2", "Evidence");
  if (page.reading.findings().empty()) html.leaf("p", {{"class", "muted"}}, "No finding in this run.");
  for (const auto& view : page.reading.findings()) {
    html.newline();
    write_finding(html, page, view);
  }
  html.newline();
}

}  // namespace chicane::reports
