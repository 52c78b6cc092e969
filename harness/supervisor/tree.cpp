#include "harness/supervisor/tree.h"

#include <algorithm>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "harness/model/files.h"
#include "harness/model/json.h"

namespace chicane {

namespace fs = std::filesystem;

Result<Tree> read_tree(const fs::path& directory) {
  const fs::path file = directory / "chicane-tree.json";
  auto text = read_file(file.string());
  if (!text)
    return failure(
        fmt::format("{}: no build tree of Chicane ({}); configure and build it first, e.g. with "
                    "`cmake --preset release && cmake --build --preset release`",
                    directory.string(), text.error().message));
  auto facts = parse_tree_facts(*text);
  if (!facts) return std::unexpected(std::move(facts.error()).within(file.string()));
  Tree tree;
  tree.directory = directory;
  tree.build = facts->build;
  tree.runner = fs::absolute(directory / facts->runner);
  for (const auto& plugin : facts->plugins) tree.plugins.push_back(fs::absolute(directory / plugin));
  for (const auto& programs : facts->programs) tree.programs.push_back(fs::absolute(directory / programs));
  tree.source = facts->source;
  tree.flags = facts->flags;
  tree.gaps = facts->gaps;
  std::error_code error;
  if (!fs::exists(tree.runner, error))
    return failure(
        fmt::format("{}: it has no runner yet ({}); build it first", directory.string(), tree.runner.string()));
  if (const auto keeper = keeper_beside(tree.runner); !fs::exists(keeper, error))
    return failure(fmt::format("{}: it has no keeper yet ({}); build it first", directory.string(), keeper));
  return tree;
}

Result<Tree> explore_tree(const std::vector<Tree>& trees) {
  const auto tree = std::ranges::find(trees, Build::explore, &Tree::build);
  if (tree == trees.end())
    return failure("there is no explore build tree; run ./chicane setup, or name one with --tree");
  return *tree;
}

std::string keeper_beside(const fs::path& runner) { return (runner.parent_path() / "chicane-keeper").string(); }

std::vector<fs::path> sibling_trees(const fs::path& executable) {
  std::vector<fs::path> result;
  const fs::path own = executable.parent_path().parent_path();
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(own.parent_path(), error))
    if (fs::exists(entry.path() / "chicane-tree.json", error)) result.push_back(entry.path());
  std::sort(result.begin(), result.end());
  return result;
}

Result<std::vector<fs::path>> plugin_files(const fs::path& file_or_folder) {
  std::error_code error;
  if (!fs::is_directory(file_or_folder, error)) {
    if (!fs::exists(file_or_folder, error))
      return failure(fmt::format("{}: no such plugin file or folder", file_or_folder.string()));
    return std::vector{file_or_folder};
  }
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(file_or_folder, error))
    if (entry.path().extension() == ".so") files.push_back(entry.path());
  if (error) return failure(fmt::format("{}: {}", file_or_folder.string(), error.message()));
  if (files.empty()) return failure(fmt::format("{}: the folder has no plugin (*.so)", file_or_folder.string()));
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace chicane
