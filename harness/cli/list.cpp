// chicane list: the scenarios there are, the lanes that can judge them, and what they declare.
#include <atomic>
#include <map>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/command.h"
#include "harness/cli/load.h"
#include "harness/supervisor/glob.h"

namespace chicane {
namespace {

struct ListOptions {
  LoadOptions load;
  std::vector<std::string> globs;
  std::vector<std::string> lanes;
  bool quick = false;
  bool ids_only = false;
};

struct Row {
  Scenario scenario;
  std::set<Lane> lanes;
};

std::map<std::string, Row> rows(const Loaded& loaded, const std::vector<Lane>& lanes) {
  std::map<std::string, Row> result;
  for (const auto& plugin : loaded.plugins)
    for (const auto& scenario : plugin.description.scenarios) {
      auto& row = result.try_emplace(scenario.id, Row{scenario, {}}).first->second;
      for (const auto lane : lanes)
        if (build_of(lane) == plugin.description.build) row.lanes.insert(lane);
    }
  for (auto& [id, row] : result)
    for (const auto& unjudged : row.scenario.expectation.not_judged) row.lanes.erase(unjudged.lane);
  return result;
}

std::string place(const ExpectedFinding& expected) {
  std::string text(name(expected.kind));
  if (!expected.at.empty()) text += " at " + expected.at;
  if (expected.field) text += " on " + expected.field->name;
  if (expected.min_workers > 1) text += fmt::format(" from {} workers on", expected.min_workers);
  return text;
}

void print(const Row& row) {
  std::vector<std::string_view> lanes;
  for (const auto lane : row.lanes) lanes.push_back(name(lane));
  fmt::print("{:<32} {}{}\n", row.scenario.id, fmt::join(lanes, ", "), row.scenario.has_tag("core") ? " (core)" : "");
  if (!row.scenario.says.empty()) fmt::print("    {}\n", row.scenario.says);
  for (const auto& must : row.scenario.expectation.must) fmt::print("    must show {}\n", place(must));
  for (const auto& may : row.scenario.expectation.may) fmt::print("    may show {}: {}\n", place(may), may.reason);
  for (const auto& unjudged : row.scenario.expectation.not_judged)
    fmt::print("    not judged in {}: {}\n", name(unjudged.lane), unjudged.reason);
}

Result<int> list(const ListOptions& options, const Invocation& invocation) {
  const auto lanes = parse_lanes(options.lanes);
  if (!lanes) return std::unexpected(lanes.error());
  const std::atomic<bool> never_stop{false};
  const auto loaded = load(options.load, invocation.executable, *lanes, never_stop);
  if (!loaded) return std::unexpected(loaded.error());
  for (const auto& plugin : loaded->refused) fmt::print(stderr, "chicane list: without {}\n", plugin.reason);
  std::size_t shown = 0;
  for (const auto& [id, row] : rows(*loaded, *lanes)) {
    const bool wanted = options.globs.empty() || matches_any(options.globs, row.scenario.id);
    if (!wanted || row.lanes.empty() || (options.quick && !row.scenario.has_tag("core"))) continue;
    ++shown;
    if (options.ids_only)
      fmt::print("{}\n", id);
    else
      print(row);
  }
  if (shown == 0)
    return failure(
        fmt::format("no scenario{} matches {}", options.quick ? " tagged core" : "",
                    options.globs.empty() ? "these lanes" : fmt::format("{}", fmt::join(options.globs, " "))));
  return loaded->refused.empty() ? exit_code::as_declared : exit_code::failed;
}

}  // namespace

Action add_list(CLI::App& app, const Invocation& invocation) {
  auto options = std::make_shared<ListOptions>();
  auto& command = *app.add_subcommand("list", "Scenarios, the lanes that judge them, and what they declare");
  command.add_option("scenarios", options->globs, "Ids or globs, e.g. 'counter/*' (default: all)")->type_name("GLOB");
  command.add_option("--lanes", options->lanes, "Only what these lanes can judge")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LANE,…");
  command.add_flag("--quick", options->quick, "Only scenarios tagged core: what `run --quick` runs by itself");
  command.add_flag("--ids", options->ids_only, "Print ids alone, one a line");
  add_load_options(command, options->load);
  return [options, &invocation] { return list(*options, invocation); };
}

}  // namespace chicane
