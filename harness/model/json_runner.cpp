// What the driver and its runners say to each other, and the lines of the journal: one object a line.
#include "harness/model/json.h"
#include "harness/model/json_codec.h"
#include "harness/model/json_members.h"

namespace chicane {

template <>
struct Spelling<RunnerEvent::Kind> {
  static constexpr std::array<std::string_view, 8> names{"started", "finding",     "result",   "finished",
                                                         "refused", "description", "replayed", "ended_by_detector"};
};

void members(auto& codec, json::Like<ReplayReport> auto& report) {
  codec.required("finding_shown", report.finding_shown);
  codec.optional("build_changed", report.build_changed);
  codec.optional("diverged", report.diverged);
  codec.optional("steps", report.steps);
}
void members(auto& codec, json::Like<RunnerEvent> auto& event) {
  codec.required("event", event.kind);
  switch (event.kind) {
    case RunnerEvent::Kind::finding:
      codec.required("finding", event.finding);
      codec.optional("count", event.count, 1);
      break;
    case RunnerEvent::Kind::result: codec.required("trial", event.trial); break;
    case RunnerEvent::Kind::refused:
    case RunnerEvent::Kind::ended_by_detector: codec.required("message", event.message); break;
    case RunnerEvent::Kind::description: codec.required("description", event.description); break;
    case RunnerEvent::Kind::started: codec.optional("wait_board", event.wait_board); break;
    case RunnerEvent::Kind::replayed: codec.required("replay", event.replay); break;
    case RunnerEvent::Kind::finished: break;
  }
}

std::string to_json(const TrialRequest& request) { return json::object_text(request); }
Result<TrialRequest> parse_trial_request(std::string_view text) { return json::parse_object<TrialRequest>(text); }

std::string to_json(const PluginDescription& description) { return json::object_text(description); }
Result<PluginDescription> parse_plugin_description(std::string_view text) {
  return json::parse_object<PluginDescription>(text);
}

std::string to_json(const Trial& trial) { return json::object_text(trial); }
Result<Trial> parse_trial(std::string_view text) { return json::parse_object<Trial>(text); }

std::string to_json(const RunnerEvent& event) { return json::object_text(event); }
Result<RunnerEvent> parse_runner_event(std::string_view line) { return json::parse_object<RunnerEvent>(line); }

}  // namespace chicane
