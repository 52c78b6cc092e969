// From --tree and --plugin to plugins that can be run: which trees there are, which plugin fits which.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/model/error.h"
#include "harness/supervisor/plan.h"
#include "harness/supervisor/tree.h"

namespace chicane {

struct LoadOptions {
  std::vector<std::string> trees;    // empty: the siblings of this executable's own
  std::vector<std::string> plugins;  // files or folders; with no programs either: those of the trees
  std::vector<std::string> allow_uninstrumented;
  std::vector<std::string> programs = {};  // files that declare programs; like `plugins`
};
void add_load_options(CLI::App& command, LoadOptions& options);

struct Loaded {
  std::vector<Tree> trees;
  std::vector<LoadedPlugin> plugins;
  std::vector<RefusedPlugin> refused;  // those that could not say what they declare
};
// Programs come with every choice of lanes: those that can't judge them say so. Plugins of builds that no lane of
// `lanes` needs are left alone. A plugin named by --plugin that none of them can use is an error, and so is a refused
// one when there is no other.
Result<Loaded> load(const LoadOptions& options, const std::string& executable, const std::vector<Lane>& lanes,
                    const std::atomic<bool>& stop);

// Those named, or the siblings of this executable's own.
Result<std::vector<Tree>> load_trees(const LoadOptions& options, const std::string& executable);

// "bench,tsan" -> lanes, in their own order; empty: those that this version has.
Result<std::vector<Lane>> parse_lanes(const std::vector<std::string>& names);
const std::vector<Lane>& known_lanes();

// "90s", "500ms", "2m", "1h".
Result<std::chrono::nanoseconds> parse_duration(const std::string& text);

}  // namespace chicane
