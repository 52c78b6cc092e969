#include "reports/gate/words.h"

#include <algorithm>

#include <fmt/format.h>

namespace chicane::reports {
namespace {

std::string percent_change(double ratio) { return fmt::format("{:+.1f}", (ratio - 1) * 100); }

// Margins of single scenarios may be others: what is said of all is only said where it holds.
std::string all_is_well(const GateResult& result) {
  if (result.entries.empty()) return "The candidate shows no litmus outcome that the baseline never showed.";
  const auto without = std::ranges::count(result.entries, GateVerdict::not_compared, &GateEntry::verdict);
  auto text = fmt::format(
      "The candidate is not worse than the baseline by more than its margin ({:g} % of time where the "
      "policy says no other)",
      result.asked.margin * 100);
  if (without != 0) text += fmt::format("; {} of {} were not compared", without, result.entries.size());
  return text + ".";
}

}  // namespace

std::string shape_of(GateVerdict verdict) {
  switch (verdict) {
    case GateVerdict::pass: return "✓";
    case GateVerdict::improved: return "▲";
    case GateVerdict::regression: return "▼";
    case GateVerdict::wrong: return "✗";
    case GateVerdict::missing:
    case GateVerdict::error: return "!";
    case GateVerdict::inconclusive:
    case GateVerdict::invalid: return "?";
    case GateVerdict::not_compared: return "–";
  }
  return "?";
}

std::string words_of(GateVerdict verdict) {
  switch (verdict) {
    case GateVerdict::pass: return "not worse";
    case GateVerdict::improved: return "better";
    case GateVerdict::regression: return "worse";
    case GateVerdict::wrong: return "not right";
    case GateVerdict::missing: return "missing";
    case GateVerdict::error: return "error";
    case GateVerdict::inconclusive: return "inconclusive";
    case GateVerdict::invalid: return "invalid";
    case GateVerdict::not_compared: return "not compared";
  }
  return "?";
}

std::string sentence_of(const GateResult& result) {
  const auto reason = result.why.empty() ? "" : ": " + result.why;
  switch (result.verdict) {
    case GateVerdict::pass:
    case GateVerdict::improved: return all_is_well(result);
    case GateVerdict::not_compared: break;  // of entries alone
    case GateVerdict::regression: return "The candidate is worse than the baseline" + reason + ".";
    case GateVerdict::wrong: return "The candidate is not right" + reason + ".";
    case GateVerdict::missing: return "The candidate lacks what the baseline has" + reason + ".";
    case GateVerdict::error: return "Something could not be run" + reason + ".";
    case GateVerdict::inconclusive: return "Nothing is decided" + reason + ".";
    case GateVerdict::invalid: return "This gate is void" + reason + ".";
  }
  return {};
}

std::string name_of(const GateEntry& entry) {
  auto text = entry.scenario;
  if (entry.parameters.workers > 1 || entry.parameters.worker_kind == WorkerKind::process)
    text += fmt::format(", {} {}{}", entry.parameters.workers,
                        entry.parameters.worker_kind == WorkerKind::process ? "process" : "thread",
                        entry.parameters.workers == 1                         ? ""
                        : entry.parameters.worker_kind == WorkerKind::process ? "es"
                                                                              : "s");
  for (const auto& [axis, value] : entry.parameters.args) text += fmt::format(", {}={}", axis, value);
  return text;
}

std::string ratio_of(const GateMeasure& measure) {
  if (!measure.ratio) return "–";
  auto text = percent_change(*measure.ratio) + " %";
  if (measure.low && measure.high)
    text += fmt::format(" [{}, {}]", percent_change(*measure.low), percent_change(*measure.high));
  return text;
}

std::string detectable_of(const GateMeasure& measure) {
  return measure.detectable ? fmt::format("{:.1f} %", (*measure.detectable - 1) * 100) : "none";
}

std::string words_of(const GateFinding& finding) {
  auto text = fmt::format("{}: {} in the {} lane", finding.scenario, name(finding.kind), name(finding.lane));
  if (!finding.fingerprint.empty()) text += fmt::format(" [{}]", finding.fingerprint);
  if (!finding.says.empty()) text += ": " + finding.says;
  if (!finding.waived.empty()) text += fmt::format(" (waived: {})", finding.waived);
  return text;
}

std::string control_of(const GateResult& result) {
  const auto& control = result.control;
  if (control.rounds == 0 || !control.ratio) return "The baseline was not compared with itself.";
  return fmt::format("The baseline against itself: {} % over {} rounds, {}.", percent_change(*control.ratio),
                     control.rounds, control.alarm ? "which is an alarm" : "no alarm");
}

}  // namespace chicane::reports
