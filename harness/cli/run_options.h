#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/cli/limit_options.h"
#include "harness/cli/load.h"
#include "harness/supervisor/plan.h"

namespace chicane {

// What `chicane run` was called with: the texts as given and, once `complete` has read them, the run's own options.
struct RunCall {
  LoadOptions load;
  RunOptions run;
  std::vector<std::string> lanes, required_lanes, args;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint32_t> rounds, processes;
  std::string budget, slice, shard, trial_timeout = "30s";
  LimitOptions limits;
  std::string output = "out";
  bool quiet = false;                       // files only, nothing on standard output
  std::vector<Lane> must_judge;             // of required_lanes
  std::chrono::nanoseconds trial_limit{0};  // of trial_timeout
  ResourceLimits trial_resources;           // of limits
  std::string annotations = "auto";
  bool resume = false;
  bool asks_for_itself = false;  // options besides --resume and --output were given
};

void add_run_options(CLI::App& command, RunCall& options);

// --annotations auto, never or github: harness/cli/hosted_ci.h.
void add_annotations_option(CLI::App& command, std::string& annotations);

// Whether anything was asked for besides going on with the run of a folder.
bool asks_for_itself(const CLI::App& command);

// What a run was called with, from its own record of its command line.
Result<RunCall> options_of(std::vector<std::string> arguments);

// "wait_ms=200" each.
Result<std::map<std::string, std::int64_t>> parse_args(const std::vector<std::string>& texts);

// Reads the texts (lanes, times, arguments), picks the seed, and fills in what was not asked for.
Result<void> complete(RunCall& options);

}  // namespace chicane
