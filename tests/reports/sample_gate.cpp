#include "tests/reports/sample_gate.h"

#include <string>

#include <fmt/format.h>

#include "tests/reports/sample_run.h"

namespace chicane::sample {
namespace {

GateMeasure measure(const std::string& name, GateVerdict verdict, double ratio, double low, double high) {
  GateMeasure result;
  result.name = name, result.verdict = verdict;
  result.ratio = ratio, result.low = low, result.high = high;
  result.screening_rounds = 12, result.detectable = 1.031;
  return result;
}

GateEntry entry(const std::string& scenario, std::uint32_t workers, GateVerdict verdict, const std::string& why,
                std::vector<GateMeasure> measures) {
  GateEntry result;
  result.scenario = scenario, result.parameters.workers = workers;
  result.verdict = verdict, result.why = why;
  result.measures = std::move(measures);
  return result;
}

GateResult of(GateVerdict verdict, std::vector<GateEntry> entries) {
  GateResult result;
  result.started = "2026-01-02T03:04:05Z", result.ended = "2026-01-02T03:07:05Z";
  result.duration_ns = 180'000'000'000, result.seed = 42;
  result.tool_version = "0.1.0", result.tool_revision = "0123456789ab";
  result.baseline = "build/before", result.candidate = "build/after";
  result.host = sample_run(Trouble::none).hosts.front();
  result.foreign_cpu_percent = 1.5;
  result.control.rounds = 12, result.control.ratio = 1.001;
  result.verdict = verdict;
  result.entries = std::move(entries);
  return result;
}

}  // namespace

GateResult sample_gate() {
  const auto* const time = "wall_ns_per_operation";
  auto result =
      of(GateVerdict::wrong,
         {entry("counter/atomic", 2, GateVerdict::pass, "", {measure(time, GateVerdict::pass, 1.004, 0.997, 1.012)}),
          entry("counter/locked", 2, GateVerdict::regression, "5.1 % slower, also when linked in another order",
                {measure(time, GateVerdict::regression, 1.051, 1.043, 1.060),
                 measure("memory_bytes", GateVerdict::regression, 1.4, 1.39, 1.42)}),
          entry("queue/ring", 1, GateVerdict::improved, "", {measure(time, GateVerdict::improved, 0.61, 0.32, 0.97)}),
          entry("queue/locked", 1, GateVerdict::inconclusive, "a slowdown of 5 % could have been missed",
                {measure(time, GateVerdict::inconclusive, 1.2, 0.7, 1.9)}),
          entry("pools/ring", 4, GateVerdict::missing, "the candidate has no such scenario", {}),
          entry("pools/racy-slot", 4, GateVerdict::wrong, "a data race that the baseline does not have", {}),
          entry("waiting/spin", 1, GateVerdict::error, "its runner ended with signal 11", {}),
          entry("waiting/park", 1, GateVerdict::not_compared, "it has no time of its own", {})});
  result.why = "pools/racy-slot has a data race";
  result.entries[3].measures[0].detectable.reset();
  result.findings = {
      {"pools/racy-slot", Lane::tsan, FindingKind::data_race, "00c0ffee00c0ffee", "two workers write one slot", ""},
      {"queue/ring", Lane::stress, FindingKind::wrong_result, "00c0ffee00c0fff0", "one is lost", "known until March"}};
  result.outcomes = {{"litmus/flags", {WorkerKind::thread, 2, {}}, "0,0", Grade::interesting, 0, 24, 16, 24, 3.3e-7},
                     {"litmus/flags", {WorkerKind::thread, 2, {}}, "1,1", Grade::acceptable, 9, 24, 12, 24, 0.281}};
  result.unjudged = {"queue/ring in the tsan lane: it did not end in time"};
  result.noise = {"The governor is powersave."};
  result.notes = {"--budget 3m left 2 scenarios unconfirmed"};
  return result;
}

GateResult clean_gate() {
  return of(GateVerdict::pass, {entry("counter/atomic", 2, GateVerdict::pass, "",
                                      {measure("wall_ns_per_operation", GateVerdict::pass, 1.004, 0.997, 1.012)})});
}

GateResult hostile_gate() {
  auto result = sample_gate();
  for (auto* text : {&result.started, &result.ended, &result.tool_version, &result.tool_revision, &result.baseline,
                     &result.candidate, &result.why, &result.host.cpu, &result.host.kernel})
    *text += attack;
  for (auto* list : {&result.noise, &result.unjudged, &result.notes})
    for (auto& text : *list) text += attack;
  for (auto& one : result.entries) {
    one.scenario += attack, one.why += attack;
    one.parameters.args[std::string("size") + attack] = 3;
    for (auto& each : one.measures) each.name += attack, each.why += attack;
  }
  for (auto& one : result.outcomes) one.scenario += attack, one.outcome += attack;
  for (auto& finding : result.findings)
    for (auto* text : {&finding.scenario, &finding.fingerprint, &finding.says, &finding.waived}) *text += attack;
  return result;
}

std::vector<HistoryLine> sample_history(const std::string& more) {
  const auto line = [&](const std::string& scenario, double first, double then, bool right) {
    HistoryLine made{scenario + more, "wall_ns_per_operation", {}, {}};
    for (std::size_t i = 0; i < 12; ++i) {
      Estimate value;
      value.median = (i < 6 ? first : then) + static_cast<double>(i % 3);
      value.low = value.median - 1, value.high = value.median + 1, value.rounds = 12;
      // The last one is the sample run.
      const auto run = i == 11 ? sample_run(Trouble::none).id : fmt::format("run-{:02}", i);
      made.points.push_back(
          {run + more, fmt::format("2026-01-{:02}T03:04:05Z{}", i + 1, more), "0123456" + more, value, right || i < 6});
    }
    if (first != then)
      made.changes = {{6, first, then, then > first, fmt::format("{:+.0f} %", (then / first - 1) * 100) + more}};
    return made;
  };
  return {line("counter/atomic", 5, 5, true), line("counter/locked, 2 threads", 20, 30, true),
          line("queue/ring", 40, 20, true), line("counter/unlocked", 3, 2, false)};
}

}  // namespace chicane::sample
