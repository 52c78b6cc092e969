// gate.json: docs/formats.md explains its members.
#include <utility>

#include "harness/model/gate.h"
#include "harness/model/json_codec.h"
#include "harness/model/json_members.h"

namespace chicane {

constexpr const char* gate_schema = "chicane.gate/1";

struct GateFile {
  std::string schema = gate_schema;
  GateResult result;
};

void members(auto& codec, json::Like<GateRound> auto& round) {
  codec.required("stage", round.stage);
  codec.optional("same", round.same);
  codec.required("seed", round.seed);
  codec.required("log_ratios", round.log_ratios);
  codec.optional("baseline_ns", round.baseline_ns);
  codec.optional("candidate_ns", round.candidate_ns);
  codec.optional("paused_share", round.paused_share);
  codec.optional("involuntary_switches", round.involuntary_switches);
  codec.optional("duration_ns", round.duration_ns);
}
void members(auto& codec, json::Like<GateMeasure> auto& measure) {
  codec.required("name", measure.name);
  codec.required("margin", measure.margin);
  codec.required("verdict", measure.verdict);
  codec.optional("why", measure.why);
  codec.optional("ratio", measure.ratio);
  codec.optional("low", measure.low);
  codec.optional("high", measure.high);
  codec.optional("screening_rounds", measure.screening_rounds);
  codec.optional("confirming_rounds", measure.confirming_rounds);
  codec.optional("p_screening", measure.p_screening);
  codec.optional("p_confirming", measure.p_confirming);
  codec.optional("detectable", measure.detectable);
  codec.optional("power", measure.power);
  codec.optional("layout_excluded", measure.layout_excluded);
}
void members(auto& codec, json::Like<GateEntry> auto& entry) {
  codec.required("scenario", entry.scenario);
  members(codec, entry.parameters);
  codec.required("verdict", entry.verdict);
  codec.optional("why", entry.why);
  codec.optional("turns", entry.turns);
  codec.optional("measures", entry.measures);
  codec.optional("rounds", entry.rounds);
}
void members(auto& codec, json::Like<GateFinding> auto& finding) {
  codec.required("scenario", finding.scenario);
  codec.required("lane", finding.lane);
  codec.required("kind", finding.kind);
  codec.optional("fingerprint", finding.fingerprint);
  codec.optional("says", finding.says);
  codec.optional("waived", finding.waived);
}
void members(auto& codec, json::Like<GateOutcome> auto& outcome) {
  codec.required("scenario", outcome.scenario);
  members(codec, outcome.parameters);
  codec.required("outcome", outcome.outcome);
  codec.required("grade", outcome.grade);
  codec.required("baseline_seen", outcome.baseline_seen);
  codec.required("baseline_processes", outcome.baseline_processes);
  codec.required("candidate_seen", outcome.candidate_seen);
  codec.required("candidate_processes", outcome.candidate_processes);
  codec.required("p", outcome.p);
}
void members(auto& codec, json::Like<GateAsked> auto& asked) {
  codec.required("margin", asked.margin);
  codec.required("alpha", asked.alpha);
  codec.required("detect", asked.detect);
  codec.required("power", asked.power);
  codec.required("rounds", asked.rounds);
  codec.required("most_rounds", asked.most_rounds);
  codec.required("pairs", asked.pairs);
  codec.required("slice_ns", asked.slice_ns);
  codec.optional("budget_ns", asked.budget_ns);
}
void members(auto& codec, json::Like<GateControl> auto& control) {
  codec.required("rounds", control.rounds);
  codec.optional("ratio", control.ratio);
  codec.optional("p_slower", control.p_slower);
  codec.optional("p_faster", control.p_faster);
  codec.required("alarm", control.alarm);
}
void members(auto& codec, json::Like<GateResult> auto& result) {
  codec.required("verdict", result.verdict);
  codec.required("why", result.why);
  codec.required("started", result.started);
  codec.required("ended", result.ended);
  codec.required("duration_ns", result.duration_ns);
  codec.required("seed", result.seed);
  codec.required("tool_version", result.tool_version);
  codec.optional("tool_revision", result.tool_revision);
  codec.optional("command", result.command);
  codec.required("baseline", result.baseline);
  codec.required("candidate", result.candidate);
  codec.required("stored", result.stored);
  codec.required("asked", result.asked);
  codec.required("host", result.host);
  codec.optional("foreign_cpu_percent", result.foreign_cpu_percent);
  codec.optional("throttled_percent", result.throttled_percent);
  codec.required("control", result.control);
  codec.optional("noise", result.noise);
  codec.required("entries", result.entries);
  codec.optional("findings", result.findings);
  codec.optional("outcomes", result.outcomes);
  codec.optional("unjudged", result.unjudged);
  codec.optional("notes", result.notes);
}
void members(auto& codec, json::Like<GateFile> auto& file) {
  codec.required("schema", file.schema);
  members(codec, file.result);
}

std::string to_json(const GateResult& result) { return json::object_text(GateFile{gate_schema, result}) + "\n"; }

Result<GateResult> parse_gate(std::string_view text) {
  auto file = json::parse_object<GateFile>(text);
  if (!file) return std::unexpected(std::move(file.error()));
  if (file->schema != gate_schema)
    return failure("its schema is '" + file->schema + "', but this version reads " + gate_schema);
  return std::move(file->result);
}

}  // namespace chicane
