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
  for (const auto& own : by_scenario(view.occurrences)) {
    const auto item = html.element("li");
    const auto scenario = own.front()->scenario_id;
    html.leaf("a", {{"href", "#" + scenario_anchor(page.reading, scenario)}}, scenario);
    for (const auto* occurrence : own) {
      html.text(fmt::format("{} in {} ", occurrence == own.front() ? ":" : ",", name(occurrence->lane)));
      const auto seen =
          occurrence == own.back()
              ? fmt::format("{} of {}", count(occurrence->seen), plural(occurrence->of, "process", "processes"))
              : fmt::format("{} of {}", count(occurrence->seen), count(occurrence->of));
      html.leaf("b", {{"title", fmt::format("trials/{}", occurrence->first_trial)}}, seen);
      if (occurrence->by_parameters.size() < 2) continue;
      std::string shares;
      for (const auto& [parameters, share] : occurrence->by_parameters)
        shares += fmt::format("{}{}: {} of {}", shares.empty() ? "" : "; ", words_of(parameters), count(share.seen),
                              count(share.of));
      html.leaf("i", " (" + shares + ")");
    }
  }
}

std::string held(const Evidence& evidence, const Access& access) {
  if (access.mutexes.empty()) return evidence.mutexes.empty() ? "" : "holding no mutex";
  std::string words;
  for (const auto id : access.mutexes) words += fmt::format("{} M{}", words.empty() ? "holding" : ",", id);
  return words;
}

void write_side(Markup& html, std::string_view title, std::string_view subtitle, const Stack& stack,
                const std::vector<Source>& sources, Told& told) {
  const auto side = html.element("div", {{"class", "side"}});
  html.leaf("h4", title);
  if (!subtitle.empty()) html.leaf("p", {{"class", "muted"}}, subtitle);
  write_source(html, stack, sources, told);
  write_stack(html, stack, told);
}

void write_sides(Markup& html, const Evidence& evidence, const std::vector<Source>& sources, Told& told) {
  if (evidence.accesses.empty() && evidence.stacks.empty()) return;
  const auto sides = html.element("div", {{"class", "sides"}});
  for (const auto& access : evidence.accesses) {
    html.newline();
    write_side(html, capitalized(fmt::format("{} by {}", words_of(access), thread_name(evidence, access.thread))),
               held(evidence, access), access.stack, sources, told);
  }
  for (const auto& labelled : evidence.stacks) {
    html.newline();
    write_side(html, capitalized(labelled.label), "", labelled.stack, sources, told);
  }
}

void write_origin(Markup& html, std::string_view title, const Stack& stack, Told& told) {
  if (stack.empty()) return;
  const auto origin = html.element("div");
  html.leaf("h4", title);
  write_stack(html, stack, told);
}

// Where the memory, the threads and the mutexes came from.
void write_origins(Markup& html, const Evidence& evidence, Told& told) {
  const bool allocated = evidence.location && !evidence.location->allocated_at.empty();
  const bool created = std::ranges::any_of(evidence.threads, [](const auto& one) { return !one.created_at.empty(); });
  if (!allocated && !created && evidence.mutexes.empty()) return;
  const auto details = html.element("details", {{"class", "fold"}});
  std::string title = created ? "threads" : "";
  if (!evidence.mutexes.empty()) title += title.empty() ? "mutexes" : ", mutexes";
  if (allocated) title += title.empty() ? "memory" : ", memory";
  html.leaf("summary", "Where they come from: " + title);
  const auto origins = html.element("div", {{"class", "origins"}});
  if (allocated) write_origin(html, "The memory was allocated by", evidence.location->allocated_at, told);
  for (const auto& thread : evidence.threads)
    write_origin(html, capitalized(thread_name(evidence, thread.id)) + " was started by", thread.created_at, told);
  for (const auto& mutex : evidence.mutexes)
    write_origin(html, fmt::format("Mutex M{}{} was made by", mutex.id, mutex.destroyed ? " (since destroyed)" : ""),
                 mutex.created_at, told);
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

void write_finding(Markup& html, const PageContext& page, const FindingView& view, Told& told) {
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
  write_sides(html, finding.evidence, page.reading.run().sources, told);
  write_picture(html, finding, page.reading.run().sources, told);
  write_facts(html, view);
  write_origins(html, finding.evidence, told);
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
  const auto& found = page.reading.run().findings;
  if (std::ranges::any_of(found, [](const Finding& one) { return one.evidence.picture.has_value(); }))
    html.leaf("p", {{"class", "muted"}},
              "Step by step is one schedule that shows the finding, with as few switches as were found: each column is "
              "a thread, time goes downwards, and a step without a place is where the thread's step before it was.");
  Told told;
  for (const auto& view : page.reading.findings()) {
    html.newline();
    write_finding(html, page, view, told);
  }
  html.newline();
}

}  // namespace chicane::reports
