// Build trees: where a lane's runner and plugins are. A tree's facts stand in <tree>/chicane-tree.json, which its
// configure step writes. Reads files only.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "harness/model/error.h"
#include "harness/model/words.h"

namespace chicane {

struct Tree {
  std::filesystem::path directory;
  Build build = Build::plain;
  std::filesystem::path runner;
  std::vector<std::filesystem::path> plugins;   // files
  std::vector<std::filesystem::path> programs;  // files that declare programs (programs.h)
  std::filesystem::path source;                 // frames' relative file names start here
  std::string flags;
  std::vector<std::pair<std::string, std::string>> gaps;  // scenario it could not build, reason
};

Result<Tree> read_tree(const std::filesystem::path& directory);

// The one whose runner explores; an error that says what to do when there is none.
Result<Tree> explore_tree(const std::vector<Tree>& trees);

// The keeper that a runner is started under (keeper/main.cpp); it lies beside it.
std::string keeper_beside(const std::filesystem::path& runner);

// The trees beside the one that this executable is in (build/release/bin/chicane -> build/*).
std::vector<std::filesystem::path> sibling_trees(const std::filesystem::path& executable);

// All *.so of a folder, sorted by name; or the file itself.
Result<std::vector<std::filesystem::path>> plugin_files(const std::filesystem::path& file_or_folder);

}  // namespace chicane
