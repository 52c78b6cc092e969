// The model as JSON: run.json, what runners say, what they are asked. The JSON library's only home is json_codec.cpp.
// Pure functions; NaN and infinity are written as null. Errors name the path of what is wrong ("trials/12/lane").
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/model/error.h"
#include "harness/model/run.h"

namespace chicane {

// Of run.json: "chicane.run/1". docs/formats.md has the rule by which it grows; every older one is read.
inline constexpr unsigned run_schema_version = 1;

std::string to_json(const Run& run);  // of the newest version; frames and stacks are stored once and referred to
void write_json(const Run& run, const std::function<void(std::string_view part)>& out);  // the same text, in parts
Result<Run> parse_run(std::string_view text);

std::string to_json(const TrialRequest& request);  // one line
Result<TrialRequest> parse_trial_request(std::string_view text);

std::string to_json(const PluginDescription& description);  // one line
Result<PluginDescription> parse_plugin_description(std::string_view text);

std::string to_json(const Trial& trial);  // one line, for the journal; findings as references
Result<Trial> parse_trial(std::string_view text);

// What became of a schedule file that was run again.
struct ReplayReport {
  bool finding_shown = false;  // the file's own
  bool build_changed = false;  // the plugin or program is not the one of the file
  std::string diverged;        // where and how; empty: exactly the same steps
  std::uint64_t steps = 0;
};

// What a runner writes to its result descriptor: one JSON object a line, {"event": "…", …}.
struct RunnerEvent {
  enum class Kind {
    started,
    finding,
    result,
    finished,
    refused,
    description,
    replayed,           // a schedule file's schedule was run again
    ended_by_detector,  // a sanitizer goes no further after a finding that was sent before; the process ends now
  } kind = Kind::started;
  Finding finding;                // finding
  std::uint64_t count = 1;        // finding: equal ones folded into it
  Trial trial;                    // result: turns, workers, measures, counters, judged_as
  PluginDescription description;  // description
  std::string message;            // refused, ended_by_detector: why
  ReplayReport replay;            // replayed
  std::uint64_t wait_board = 0;   // started: address of the runner's WaitBoard; 0: it has none
};
std::string to_json(const RunnerEvent& event);  // one line, no newline
Result<RunnerEvent> parse_runner_event(std::string_view line);

// <tree>/chicane-tree.json, written by cmake/ChicanePlugin.cmake.
struct TreeFacts {
  Build build = Build::plain;
  std::string runner;                 // relative to the tree
  std::vector<std::string> plugins;   // likewise
  std::vector<std::string> programs;  // likewise: files that declare programs
  std::string source;                 // absolute
  std::string flags;
  std::vector<std::pair<std::string, std::string>> gaps;  // scenario, reason
};
Result<TreeFacts> parse_tree_facts(std::string_view text);

}  // namespace chicane
