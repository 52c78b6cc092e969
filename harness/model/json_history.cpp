// chicane.history/1, for other tools: written only.
#include "harness/model/history.h"
#include "harness/model/json_codec.h"
#include "harness/model/json_members.h"

namespace chicane {

void members(auto& codec, json::Like<HistoryBuild> auto& build) {
  codec.required("plugin", build.plugin);
  codec.required("build", build.build);
  codec.optional("build_id", build.build_id);
}
void members(auto& codec, json::Like<HistoryValue> auto& value) {
  codec.required("scenario", value.scenario);
  members(codec, value.parameters);
  codec.required("measure", value.measure);
  codec.required("median", value.value.median);
  codec.optional("low", value.value.low);
  codec.optional("high", value.value.high);
  codec.required("rounds", value.value.rounds);
  codec.required("right", value.right);
}
void members(auto& codec, json::Like<HistoryVerdict> auto& verdict) {
  codec.required("scenario", verdict.scenario);
  codec.required("lane", verdict.lane);
  codec.required("verdict", verdict.verdict);
}
void members(auto& codec, json::Like<HistoryRun> auto& run) {
  codec.required("id", run.id);
  codec.required("started", run.started);
  codec.optional("ended", run.ended);
  codec.required("added", run.added);
  codec.required("commit", run.commit);
  codec.required("host", run.host);
  codec.optional("cpu", run.cpu);
  codec.required("tool_version", run.tool_version);
  codec.optional("tool_revision", run.tool_revision);
  codec.required("builds", run.builds);
  codec.required("values", run.values);
  codec.required("verdicts", run.verdicts);
}

// One run a line, so that line-wise tools can take it apart.
std::string to_json(const History& history) {
  std::string text = "{\"schema\":\"chicane.history/1\",\"runs\":[";
  for (const auto& run : history.runs) {
    text += &run == history.runs.data() ? "\n" : ",\n";
    text += json::object_text(run);
  }
  return text + "\n]}\n";
}

}  // namespace chicane
