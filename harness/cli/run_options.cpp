#include "harness/cli/run_options.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <random>

#include <fmt/format.h>

namespace chicane {
namespace {

// "2/5"; empty: all.
Result<void> parse_shard(const std::string& text, RunOptions& run) {
  if (text.empty()) return {};
  std::uint32_t shard = 0, shards = 0;
  const auto* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, shard);
  if (first.ec == std::errc() && first.ptr != end && *first.ptr == '/') {
    const auto second = std::from_chars(first.ptr + 1, end, shards);
    if (second.ec == std::errc() && second.ptr == end && shard >= 1 && shard <= shards) {
      run.shard = shard, run.shards = shards;
      return {};
    }
  }
  return failure(fmt::format("--shard {}: write it as I/N with I from 1 to N, e.g. 2/4", text));
}

}  // namespace

void add_run_options(CLI::App& command, RunCall& options) {
  command.add_option("scenarios", options.run.globs, "Ids or globs, e.g. 'counter/*' (default: all)")
      ->type_name("GLOB");
  command.add_flag("--quick", options.run.quick,
                   "Short trials, 8 rounds and processes; where none are named, only scenarios tagged core");
  command.add_option("--lanes", options.lanes, "Lanes to run (default: all)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LANE,…");
  command
      .add_option("--require-lanes", options.required_lanes, "Exit with 3 when one of these did not judge a scenario")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LANE,…");
  command.add_option("--workers", options.run.workers, "Worker counts (default: a sweep to twice the cores)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Range(1, 4096))
      ->type_name("N,…");
  command.add_option("--arg", options.args, "Value of a scenario's parameter, e.g. wait_ms=200")
      ->type_name("NAME=N")
      ->allow_extra_args(false);
  command.add_option("--rounds", options.rounds, "bench: fresh processes for each set of parameters (12; quick 8)")
      ->check(CLI::Range(1, 100000))
      ->type_name("N");
  command
      .add_option("--processes", options.processes,
                  "Fresh processes for each set that has to show absence (16, explore 4; quick 8, explore 2); "
                  "3 where all that must be found was, 4 times as many where it was not")
      ->check(CLI::Range(1, 1000000))
      ->type_name("N");
  command
      .add_option("--budget", options.budget,
                  "Time for each set of parameters: kept in stress, the least in tsan, asan and explore")
      ->type_name("TIME");
  command.add_option("--slice", options.slice, "Time aimed at within one trial")->type_name("TIME");
  command
      .add_option("--trial-timeout", options.trial_timeout,
                  "Wall-time limit of one trial; in bench up to 4 times as much while its workers get on")
      ->type_name("TIME")
      ->capture_default_str();
  add_limit_options(command, options.limits);
  command.add_option("--seed", options.seed, "Seed of the order and of every trial (default: random, recorded)")
      ->type_name("N");
  command
      .add_option("--shard", options.shard,
                  "Part I of N of the chosen scenarios, so that N machines or jobs share them; `chicane report` takes "
                  "their run files together")
      ->type_name("I/N");
  command.add_option("-o,--output", options.output, "Folder for run.json and the reports beside it")
      ->type_name("DIR")
      ->capture_default_str();
  add_annotations_option(command, options.annotations);
  command.add_flag("--resume", options.resume,
                   "Go on with the run whose journal is in the output folder: with its own options when no others are "
                   "given");
  add_load_options(command, options.load);
}

void add_annotations_option(CLI::App& command, std::string& annotations) {
  command
      .add_option(
          "--annotations", annotations,
          "Mark lines for a hosted CI and write its job's summary: where one runs (auto), never, or in GitHub's "
          "form (github)")
      ->check(CLI::IsMember({"auto", "never", "github"}))
      ->capture_default_str();
}

bool asks_for_itself(const CLI::App& command) {
  for (const auto* option : command.get_options())
    if (option->count() > 0 && !option->check_lname("resume") && !option->check_lname("output") &&
        !option->check_lname("annotations"))
      return true;
  return false;
}

Result<RunCall> options_of(std::vector<std::string> arguments) {
  RunCall options;
  CLI::App command{"chicane run"};
  add_run_options(command, options);
  // Without the program's name and the command's; the parser takes them last first.
  const auto first = arguments.size() < 2 ? arguments.end() : arguments.begin() + 2;
  arguments.erase(arguments.begin(), first);
  std::reverse(arguments.begin(), arguments.end());
  try {
    command.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return failure(fmt::format("the journal's own options are not understood ({}); give them again beside --resume",
                               error.what()));
  }
  return options;
}

Result<std::map<std::string, std::int64_t>> parse_args(const std::vector<std::string>& texts) {
  std::map<std::string, std::int64_t> args;
  for (const auto& text : texts) {
    const auto equals = text.find('=');
    char* rest = nullptr;
    const auto value = equals == std::string::npos ? 0 : std::strtoll(text.c_str() + equals + 1, &rest, 10);
    if (rest == nullptr || *rest != '\0' || equals == 0 || equals + 1 == text.size())
      return failure(fmt::format("--arg {}: write it as name=integer, e.g. wait_ms=200", text));
    args[text.substr(0, equals)] = value;
  }
  return args;
}

Result<void> complete(RunCall& options) {
  auto lanes = parse_lanes(options.lanes);
  if (!lanes) return std::unexpected(std::move(lanes.error()));
  options.run.lanes = std::move(*lanes);
  if (!options.required_lanes.empty()) {
    auto required = parse_lanes(options.required_lanes);
    if (!required) return std::unexpected(std::move(required.error()));
    options.must_judge = std::move(*required);
  }
  for (const auto& [text, target] : {std::pair{&options.budget, &options.run.budget},
                                     {&options.slice, &options.run.slice},
                                     {&options.trial_timeout, &options.trial_limit}})
    if (!text->empty()) {
      auto duration = parse_duration(*text);
      if (!duration) return std::unexpected(std::move(duration.error()));
      *target = *duration;
    }
  if (auto shard = parse_shard(options.shard, options.run); !shard) return shard;
  auto limits = parse_limits(options.limits);
  if (!limits) return std::unexpected(std::move(limits.error()));
  options.trial_resources = *limits;
  auto args = parse_args(options.args);
  if (!args) return std::unexpected(std::move(args.error()));
  options.run.args = std::move(*args);
  std::random_device entropy;
  options.run.seed = options.seed.value_or((static_cast<std::uint64_t>(entropy()) << 21) ^ entropy());
  // Eight rounds are the fewest that bear a 95 % interval of a median and one outlier.
  options.run.rounds = options.rounds.value_or(options.run.quick ? 8 : 12);
  options.run.processes = options.processes.value_or(options.run.quick ? 8 : 16);
  options.run.searches = options.processes.value_or(options.run.quick ? 2 : 4);
  options.run.allow_uninstrumented = options.load.allow_uninstrumented;
  return {};
}

}  // namespace chicane
