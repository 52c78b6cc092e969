#include "harness/cli/load.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/elf/elf.h"
#include "harness/supervisor/programs.h"
#include "harness/supervisor/trial_process.h"

namespace chicane {
namespace {

std::string how_to_build(Build build) {
  switch (build) {
    case Build::tsan: return "compile it with clang++-19 -O1 -g -fsanitize=thread";
    case Build::asan: return "compile it with clang++-19 -O1 -g -fsanitize=address,undefined";
    case Build::explore:
      return "compile it with the flags of chicane_explore_flags() and -DCHICANE_BUILD_EXPLORE "
             "(docs/writing-a-scenario.md, Building)";
    case Build::plain: break;
  }
  return "compile it without a sanitizer";
}

}  // namespace

Result<std::vector<Tree>> load_trees(const LoadOptions& options, const std::string& executable) {
  std::vector<Tree> trees;
  if (options.trees.empty()) {
    // A sibling that is configured but not built yet is no error: its lanes say that they can't judge.
    for (const auto& directory : sibling_trees(executable))
      if (auto tree = read_tree(directory)) trees.push_back(std::move(*tree));
    if (trees.empty())
      return failure(fmt::format("no build tree of Chicane was found beside {}; name one with --tree", executable));
    return trees;
  }
  for (const auto& directory : options.trees) {
    auto tree = read_tree(directory);
    if (!tree) return std::unexpected(std::move(tree.error()));
    trees.push_back(std::move(*tree));
  }
  return trees;
}

namespace {

struct Candidate {
  std::string file;
  Build build;
};

Result<std::vector<Candidate>> candidates(const LoadOptions& options, const std::vector<Tree>& trees) {
  std::vector<std::filesystem::path> places;
  for (const auto& plugin : options.plugins) places.emplace_back(plugin);
  if (places.empty() && options.programs.empty())
    for (const auto& tree : trees) places.insert(places.end(), tree.plugins.begin(), tree.plugins.end());
  std::vector<Candidate> result;
  std::set<std::string> seen;
  for (const auto& place : places) {
    auto files = plugin_files(place);
    if (!files) return std::unexpected(std::move(files.error()));
    for (const auto& file : *files) {
      auto facts = read_elf(file.string());
      if (!facts) return std::unexpected(std::move(facts.error()));
      const auto build = plugin_build(*facts);
      if (!build) return failure(fmt::format("{}: {}", file.string(), build.error().message));
      if (seen.insert(std::filesystem::absolute(file).string()).second)
        result.push_back({std::filesystem::absolute(file).string(), *build});
    }
  }
  return result;
}

Result<std::vector<LoadedPlugin>> programs(const LoadOptions& options, const std::vector<Tree>& trees,
                                           const std::atomic<bool>& stop) {
  std::vector<LoadedPlugin> result;
  const auto plain = std::ranges::find(trees, Build::plain, &Tree::build);
  if (plain == trees.end()) {
    if (options.programs.empty()) return result;
    return failure(
        fmt::format("{}: there is no plain build tree, whose runner runs programs; run ./chicane setup, or "
                    "name one with --tree",
                    options.programs.front()));
  }
  std::vector<std::filesystem::path> files(options.programs.begin(), options.programs.end());
  if (files.empty() && options.plugins.empty()) files = plain->programs;
  for (const auto& file : files) {
    auto loaded = load_programs(file.string(), *plain, stop);
    if (!loaded) return std::unexpected(std::move(loaded.error()));
    result.push_back(std::move(*loaded));
  }
  return result;
}

}  // namespace

void add_load_options(CLI::App& command, LoadOptions& options) {
  command
      .add_option("--tree", options.trees, "Build tree whose runner and plugins to use (default: all beside this one)")
      ->type_name("DIR")
      ->allow_extra_args(false);
  command.add_option("--plugin", options.plugins, "Plugin, or folder of plugins, to use instead of the trees' own")
      ->type_name("FILE|DIR")
      ->allow_extra_args(false);
  command
      .add_option(
          "--programs", options.programs,
          "File that declares programs to run as trials; with --plugin, both are used instead of the trees' own")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      .add_option("--allow-uninstrumented", options.allow_uninstrumented,
                  "Library that a sanitizer lane accepts without instrumentation; what it does stays unseen")
      ->type_name("LIBRARY")
      ->allow_extra_args(false);
}

Result<Loaded> load(const LoadOptions& options, const std::string& executable, const std::vector<Lane>& lanes,
                    const std::atomic<bool>& stop) {
  Loaded loaded;
  auto trees = load_trees(options, executable);
  if (!trees) return std::unexpected(std::move(trees.error()));
  loaded.trees = std::move(*trees);
  auto found = candidates(options, loaded.trees);
  if (!found) return std::unexpected(std::move(found.error()));

  std::set<Build> needed;
  for (const auto lane : lanes) needed.insert(build_of(lane));
  for (const auto& [file, build] : *found) {
    if (!needed.contains(build)) continue;
    const auto tree = std::find_if(loaded.trees.begin(), loaded.trees.end(),
                                   [&](const Tree& candidate) { return candidate.build == build; });
    if (tree == loaded.trees.end())
      return failure(
          fmt::format("{}: it is a {} build, and no {} build tree with a runner for it is there; run "
                      "`./chicane setup`, or name one with --tree",
                      file, name(build), name(build)));
    auto description = describe_plugin(tree->runner.string(), file, options.allow_uninstrumented, stop);
    if (stop) break;
    if (description)
      loaded.plugins.push_back({std::move(*description), *tree});
    else
      loaded.refused.push_back({file, build, description.error().message});
  }
  if (loaded.plugins.empty() && !loaded.refused.empty()) return failure(loaded.refused.front().reason);
  if (loaded.plugins.empty() && !found->empty()) {
    const auto& [file, build] = found->front();
    const auto wanted = *needed.begin();
    std::vector<std::string_view> names;
    for (const auto lane : lanes) names.push_back(name(lane));
    return failure(fmt::format("{}: wrong build for the lane: it is a {} build, and {} needs a {} build; {}", file,
                               name(build), fmt::join(names, ", "), name(wanted), how_to_build(wanted)));
  }
  auto declared = programs(options, loaded.trees, stop);
  if (!declared) return std::unexpected(std::move(declared.error()));
  std::ranges::move(*declared, std::back_inserter(loaded.plugins));
  return loaded;
}

const std::vector<Lane>& known_lanes() {
  static const std::vector<Lane> lanes{Lane::bench, Lane::stress, Lane::tsan, Lane::asan, Lane::explore};
  return lanes;
}

Result<std::vector<Lane>> parse_lanes(const std::vector<std::string>& names) {
  if (names.empty()) return known_lanes();
  std::vector<std::string_view> known;
  for (const auto lane : known_lanes()) known.push_back(name(lane));
  std::set<Lane> chosen;
  for (const auto& text : names) {
    const auto lane = word<Lane>(text);
    if (!lane || std::find(known_lanes().begin(), known_lanes().end(), *lane) == known_lanes().end())
      return failure(fmt::format("unknown lane '{}'; this version has: {}", text, fmt::join(known, ", ")));
    chosen.insert(*lane);
  }
  return std::vector<Lane>(chosen.begin(), chosen.end());
}

Result<std::chrono::nanoseconds> parse_duration(const std::string& text) {
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string_view unit(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  const double seconds = unit == "ms" ? 1e-3 : unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  // At most a year: nanoseconds in 64 bits hold it, and nobody means more.
  if (error != std::errc() || seconds == 0 || !std::isfinite(value) || value < 0 || value * seconds > 366 * 86400.0)
    return failure(fmt::format("'{}' is no duration; write e.g. 500ms, 90s, 2m or 1h", text));
  return std::chrono::nanoseconds(static_cast<std::int64_t>(value * seconds * 1e9));
}

}  // namespace chicane
