// The built runner, started as the driver starts it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/model/json.h"

namespace chicane {

struct RunnerRun {
  std::vector<RunnerEvent> events;
  std::vector<std::string> garbage;  // lines that are no event
  std::optional<int> exit_code, signal;
  std::string output;  // stdout and stderr

  const RunnerEvent* find(RunnerEvent::Kind kind) const;  // the first
  std::vector<Finding> findings() const;
  std::string refusal() const;  // empty: none
};

RunnerRun start_runner(const std::vector<std::string>& arguments);
RunnerRun start_trial(const TrialRequest& request);
// Killed, as the driver kills at the wall limit, once its results have this text.
RunnerRun start_trial_and_kill_at(const TrialRequest& request, const std::string& text);

std::string test_plugin(const std::string& name);  // its file
// Two threads, ten turns, of the plugin of subjects.
TrialRequest subject_request(const std::string& scenario, Lane lane);

}  // namespace chicane
