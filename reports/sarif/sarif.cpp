// SARIF 2.1.0 (OASIS, errata 01): what was found, for code scanning. One result a finding, and one for each declared
// finding that did not show; what could not be run stands among the invocation's notifications.
#include <algorithm>

#include <fmt/format.h>

#include "harness/model/mixing.h"
#include "reports/figures.h"
#include "reports/json_text.h"
#include "reports/places.h"
#include "reports/reading.h"
#include "reports/render.h"
#include "reports/sarif/evidence.h"
#include "reports/sarif/locations.h"
#include "reports/sarif/rules.h"
#include "reports/source_root.h"
#include "reports/utc_time.h"

namespace chicane {
namespace reports::sarif {
namespace {

using Shape = JsonText::Shape;

void write_rules(JsonText& json) {
  const auto all = json.array("rules");
  for (const auto& rule : rules()) {
    const auto one = json.object();
    json.text("id", rule.id);
    json.text("name", rule.title);
    write_message(json, "shortDescription", rule.says);
    write_message(json, "fullDescription", rule.says);
    write_message(json, "help", rule.help);
    {
      const auto level = json.object("defaultConfiguration", Shape::line);
      json.text("level", "error");
    }
    const auto properties = json.object("properties", Shape::line);
    const auto tags = json.array("tags");
    json.text({}, "concurrency");
    json.text({}, "correctness");
  }
}

void write_tool(JsonText& json, const Run& run) {
  const auto tool = json.object("tool");
  const auto driver = json.object("driver");
  json.text("name", "Chicane");
  json.text("version", run.tool_version);
  write_message(json, "shortDescription",
                "Chicane judges concurrent code: is it right, how fast is it, does it scale?");
  if (!run.tool_revision.empty()) {
    const auto properties = json.object("properties", Shape::line);
    json.text("revision", run.tool_revision);
  }
  write_rules(json);
}

void write_notification(JsonText& json, std::string_view level, std::string_view words) {
  const auto one = json.object({}, Shape::line);
  json.text("level", level);
  write_message(json, "message", words);
}

void write_invocation(JsonText& json, const Reading& reading) {
  const auto& run = reading.run();
  const auto all = json.array("invocations");
  const auto one = json.object();
  json.boolean("executionSuccessful", run.complete && reading.counts().error == 0);
  {
    const auto arguments = json.array("arguments", Shape::line);
    for (std::size_t i = 1; i < run.command.size(); ++i) json.text({}, run.command[i]);
  }
  if (is_utc_time(run.started)) json.text("startTimeUtc", run.started);
  if (is_utc_time(run.ended)) json.text("endTimeUtc", run.ended);
  const auto notifications = json.array("toolExecutionNotifications");
  for (const auto& verdict : run.verdicts)
    if (verdict.verdict == Verdict::error)
      write_notification(json, "error",
                         fmt::format("{} {} could not be run: {}", verdict.scenario, name(verdict.lane), verdict.why));
  if (!run.complete) write_notification(json, "warning", "The run was stopped before its end.");
  for (const auto& note : run.notes) write_notification(json, "note", note);
}

std::string_view word_of(Standing standing) {
  switch (standing) {
    case Standing::undeclared: return "undeclared";
    case Standing::declared: return "declared";
    case Standing::allowed: break;
  }
  return "allowed";
}

std::string words_for(const FindingView& view) {
  const auto& finding = *view.finding;
  auto words = as_sentence(title_of(finding));
  if (!finding.evidence.message.empty()) words += " " + as_sentence(finding.evidence.message);
  for (const auto& seen : view.occurrences)
    words += fmt::format(" Seen in {} {}: {} of {}.", seen.scenario_id, name(seen.lane), count(seen.seen),
                         plural(seen.of, "process", "processes"));
  if (view.standing == Standing::declared) words += " It is declared that this must show.";
  if (view.standing == Standing::allowed)
    words += view.allowed_because.empty() ? " It is declared that this may show."
                                          : " It may show: " + as_sentence(view.allowed_because);
  return words;
}

// Where to look: the first frame of the user's in the first stack; else where the scenario is declared.
void write_place(JsonText& json, const Finding* finding, const Scenario* scenario, const Locations& locations) {
  const auto all = json.array("locations");
  const auto* stack = finding == nullptr ? nullptr : first_stack(finding->evidence);
  const auto* frame = stack == nullptr ? nullptr : Locations::shown(*stack);
  if (frame != nullptr && !frame->file.empty()) {
    const auto one = json.object({}, Shape::line);
    locations.write_frame(json, *frame, {});
  } else if (scenario != nullptr) {
    const auto one = json.object({}, Shape::line);
    locations.write_scenario(json, *scenario);
  }
}

void write_print(JsonText& json, std::string_view what, std::string_view print) {
  const auto prints = json.object("partialFingerprints", Shape::line);
  json.text(what, print);
}

void write_found(JsonText& json, const Reading& reading, const FindingView& view, const Locations& locations) {
  const auto& finding = *view.finding;
  const auto* scenario = view.occurrences.empty() ? nullptr : view.occurrences.front().scenario;
  const auto result = json.object();
  json.text("ruleId", name(finding.kind));
  json.number("ruleIndex", rule_of(finding.kind));
  json.text("level", view.standing == Standing::undeclared ? "error" : "note");
  write_message(json, "message", words_for(view));
  write_place(json, &finding, scenario, locations);
  {
    // A fingerprint tells findings of one scenario apart: the same check may stand in many.
    const auto prints = json.object("partialFingerprints", Shape::line);
    json.text("chicaneFinding/v1", finding.fingerprint);
    if (scenario != nullptr) json.text("chicaneScenario/v1", fmt::format("{:016x}", fnv1a(scenario->id)));
  }
  std::uint64_t times = 0;
  for (const auto& seen : view.occurrences) times += seen.seen;
  if (times != 0) json.number("occurrenceCount", times);
  write_evidence(json, finding.evidence, locations);
  const auto properties = json.object("properties");
  json.text("finding", view.id);
  json.text("standing", word_of(view.standing));
  if (!view.occurrences.empty()) json.text("again", reading.command_for(view.occurrences.front()));
  const auto seen_in = json.array("seenIn");
  for (const auto& seen : view.occurrences) {
    const auto one = json.object({}, Shape::line);
    json.text("scenario", seen.scenario_id);
    json.text("lane", name(seen.lane));
    json.number("seen", seen.seen);
    json.number("of", seen.of);
  }
}

void write_missed(JsonText& json, const ScenarioVerdict& verdict, const Scenario* scenario,
                  const Locations& locations) {
  const auto result = json.object();
  json.text("ruleId", rules()[rule_of_missed()].id);
  json.number("ruleIndex", rule_of_missed());
  json.text("level", "error");
  write_message(json, "message",
                fmt::format("{} {}: {}", verdict.scenario, name(verdict.lane), as_sentence(verdict.why)));
  write_place(json, nullptr, scenario, locations);
  write_print(json, "chicaneMissed/v1",
              fmt::format("{:016x}", fnv1a(fmt::format("missed\n{}\n{}", verdict.scenario, name(verdict.lane)))));
}

void write_results(JsonText& json, const Reading& reading, const Locations& locations) {
  const auto results = json.array("results");
  for (const auto& view : reading.findings()) write_found(json, reading, view, locations);
  std::unordered_map<std::string_view, const Scenario*> scenarios;
  for (const auto& scenario : reading.run().scenarios) scenarios.emplace(scenario.id, &scenario);
  for (const auto& verdict : reading.run().verdicts) {
    if (verdict.verdict != Verdict::missed) continue;
    const auto known = scenarios.find(verdict.scenario);
    write_missed(json, verdict, known == scenarios.end() ? nullptr : known->second, locations);
  }
}

void write_root(JsonText& json, const Locations& locations) {
  const auto bases = json.object("originalUriBaseIds");
  const auto root = json.object(root_id, Shape::line);
  if (!locations.root().empty()) {
    auto uri = file_uri(locations.root());
    json.text("uri", uri.ends_with('/') ? uri : uri + "/");
  }
  write_message(json, "description", "The root of the source tree.");
}

}  // namespace
}  // namespace reports::sarif

std::string render_sarif(const Run& run, std::string_view source_root) {
  using namespace reports;
  const Reading reading(run);
  const sarif::Locations locations(run, is_absolute(source_root) ? source_root : std::string_view());
  JsonText json;
  {
    const auto log = json.object();
    json.text("$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json");
    json.text("version", "2.1.0");
    const auto runs = json.array("runs");
    const auto one = json.object();
    sarif::write_tool(json, run);
    sarif::write_invocation(json, reading);
    {
      const auto automation = json.object("automationDetails", JsonText::Shape::line);
      json.text("id", "chicane/" + run.id);
    }
    sarif::write_root(json, locations);
    json.text("columnKind", "utf16CodeUnits");
    sarif::write_results(json, reading, locations);
  }
  return std::move(json).take() + "\n";
}

}  // namespace chicane
