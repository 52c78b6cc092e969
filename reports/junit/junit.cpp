// JUnit XML: one suite a lane, one case a scenario. Readers (CI servers) know failure, error and skipped.
#include <map>

#include <fmt/format.h>

#include "harness/judge/fingerprint.h"
#include "reports/figures.h"
#include "reports/markup.h"
#include "reports/places.h"
#include "reports/reading.h"
#include "reports/render.h"
#include "reports/utc_time.h"

namespace chicane {
namespace reports {
namespace {

struct Totals {
  unsigned tests = 0, failures = 0, errors = 0, skipped = 0;
  std::int64_t duration_ns = 0;
  void add(Verdict verdict) {
    ++tests;
    failures += verdict == Verdict::fail || verdict == Verdict::missed;
    errors += verdict == Verdict::error;
    skipped += verdict == Verdict::not_judged;
  }
};

using Durations = std::map<std::pair<std::string_view, Lane>, std::int64_t>;

std::string seconds(std::int64_t ns) { return fmt::format("{:.3f}", static_cast<double>(ns) / 1e9); }

void append_stack(std::string& text, std::string_view label, const Stack& stack) {
  text += fmt::format("  {}\n", label);
  for (const auto& frame : stack)
    if (is_user_frame(frame)) text += fmt::format("    {}\n", place_of(frame));
}

// A finding in short: both stacks without the frames of libraries.
std::string in_short(const FindingView& view, const Occurrence& occurrence, const Reading& reading) {
  const auto& evidence = view.finding->evidence;
  auto text = fmt::format("{}: seen in {} of {} [{}]\n", title_of(*view.finding), count(occurrence.seen),
                          plural(occurrence.of, "process", "processes"), view.finding->fingerprint);
  if (!evidence.message.empty()) text += fmt::format("  {}\n", evidence.message);
  if (evidence.location) text += fmt::format("  location: {}\n", words_of(*evidence.location));
  for (const auto& access : evidence.accesses)
    append_stack(text, fmt::format("{} by {}", words_of(access), thread_name(evidence, access.thread)), access.stack);
  for (const auto& labelled : evidence.stacks) append_stack(text, labelled.label, labelled.stack);
  return text + fmt::format("  again: {}\n", reading.command_for(occurrence));
}

std::string body_of(const ScenarioVerdict& verdict, const Reading& reading) {
  auto body = verdict.why + "\n";
  for (const auto& id : verdict.undeclared)
    if (const auto* view = reading.finding(id))
      for (const auto& occurrence : view->occurrences)
        if (occurrence.scenario_id == verdict.scenario && occurrence.lane == verdict.lane)
          body += in_short(*view, occurrence, reading);
  return body;
}

void write_case(Markup& xml, const ScenarioVerdict& verdict, const Reading& reading, std::int64_t duration_ns) {
  const auto family = verdict.scenario.substr(0, verdict.scenario.find('/'));
  const auto test_case =
      xml.element("testcase", {{"classname", family}, {"name", verdict.scenario}, {"time", seconds(duration_ns)}});
  switch (verdict.verdict) {
    case Verdict::pass: break;
    case Verdict::not_judged: xml.empty("skipped", {{"message", verdict.why}}); break;
    case Verdict::fail:
    case Verdict::missed:
    case Verdict::error: {
      const auto problem = xml.element(verdict.verdict == Verdict::error ? "error" : "failure",
                                       {{"type", name(verdict.verdict)}, {"message", verdict.why}});
      xml.text(body_of(verdict, reading), Layout::block);
    }
  }
}

void write_properties(Markup& xml, const Run& run) {
  const auto properties = xml.element("properties");
  const auto property = [&](std::string_view property_name, std::string_view value) {
    xml.newline();
    xml.empty("property", {{"name", property_name}, {"value", value}});
  };
  property("chicane.version", run.tool_version);
  property("chicane.seed", std::to_string(run.seed));
  for (const auto& host : run.hosts) {
    property("host.cpu", host.cpu);
    property("host.cores", std::to_string(host.cores));
    property("host.memory_bytes", std::to_string(host.memory_bytes));
    property("host.kernel", host.kernel);
    property("host.os", host.os);
    property("host.virtualization", host.virtualization);
    property("host.fingerprint", host.fingerprint);
  }
  xml.newline();
}

}  // namespace
}  // namespace reports

std::string render_junit(const Run& run) {
  using namespace reports;
  const Reading reading(run);
  Durations durations;
  for (const auto& trial : run.trials) durations[{trial.scenario, trial.lane}] += trial.duration_ns;
  std::map<Lane, Totals> totals;
  Totals all;
  for (const auto& verdict : run.verdicts) {
    const auto duration = durations[{verdict.scenario, verdict.lane}];
    totals[verdict.lane].add(verdict.verdict), totals[verdict.lane].duration_ns += duration;
    all.add(verdict.verdict), all.duration_ns += duration;
  }

  Markup xml(Markup::Language::xml);
  xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  {
    const auto suites = xml.element("testsuites", {{"name", "chicane"},
                                                   {"tests", std::to_string(all.tests)},
                                                   {"failures", std::to_string(all.failures)},
                                                   {"errors", std::to_string(all.errors)},
                                                   {"skipped", std::to_string(all.skipped)},
                                                   {"time", seconds(all.duration_ns)}});
    for (const auto lane : run.lanes) {
      const auto& own = totals[lane];
      xml.newline();
      const auto suite =
          xml.element("testsuite", {{"name", name(lane)},
                                    {"tests", std::to_string(own.tests)},
                                    {"failures", std::to_string(own.failures)},
                                    {"errors", std::to_string(own.errors)},
                                    {"skipped", std::to_string(own.skipped)},
                                    {"time", seconds(own.duration_ns)},
                                    {"timestamp?", is_utc_time(run.started) ? std::string_view(run.started) : ""}});
      xml.newline();
      write_properties(xml, run);
      for (const auto& verdict : run.verdicts) {
        if (verdict.lane != lane) continue;
        xml.newline();
        write_case(xml, verdict, reading, durations[{verdict.scenario, verdict.lane}]);
      }
      xml.newline();
    }
    xml.newline();
  }
  return std::move(xml).take() + "\n";
}

}  // namespace chicane
