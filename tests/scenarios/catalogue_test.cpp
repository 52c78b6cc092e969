// What the stock plugins of this tree declare, as its runner reads it from them.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "harness/supervisor/tree.h"
#include "harness/supervisor/trial_process.h"

namespace chicane {
namespace {

const Tree& tree() {
  static const Tree here = read_tree(CHICANE_TREE).value();
  return here;
}

const std::vector<PluginDescription>& plugins() {
  static const std::vector<PluginDescription> all = [] {
    std::vector<PluginDescription> described;
    const std::atomic<bool> stop = false;
    for (const auto& file : tree().plugins)
      described.push_back(describe_plugin(tree().runner.string(), file.string(), {}, stop).value());
    return described;
  }();
  return all;
}

std::vector<Scenario> scenarios() {
  std::vector<Scenario> all;
  for (const auto& plugin : plugins()) all.insert(all.end(), plugin.scenarios.begin(), plugin.scenarios.end());
  return all;
}

// "scenarios/counter/unlocked.cpp" of "scenarios/counter/unlocked.cpp:17"
std::string file_of(const Scenario& scenario) { return scenario.source.substr(0, scenario.source.rfind(':')); }

bool declares_a_scenario(const std::filesystem::path& file) {
  std::ifstream text(file);
  for (std::string line; std::getline(text, line);)
    if (line.starts_with("CHICANE_")) return true;
  return false;
}

// Without those that only hold what scenarios have in common, as the server of the downloads.
std::vector<std::filesystem::path> scenario_files() {
  std::vector<std::filesystem::path> files;
  const std::filesystem::path root = CHICANE_SOURCE;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "scenarios"))
    if (entry.path().extension() == ".cpp" && declares_a_scenario(entry.path()))
      files.push_back(entry.path().lexically_relative(root));
  return files;
}

TEST(Catalogue, EveryPluginIsAcceptedByTheRunnerOfItsTree) {
  EXPECT_THAT(plugins(), testing::Each(testing::Field(&PluginDescription::build, tree().build)));
  EXPECT_GE(plugins().size(), 5u);
}

TEST(Catalogue, IdsAreUnique) {
  std::set<std::string> seen;
  for (const auto& scenario : scenarios()) EXPECT_TRUE(seen.insert(scenario.id).second) << scenario.id;
}

TEST(Catalogue, EveryFamilyHasRightScenariosAndAWrongTwin) {
  std::map<std::string, std::pair<int, int>> right_and_wrong;
  for (const auto& scenario : scenarios()) {
    auto& [right, wrong] = right_and_wrong[scenario.family()];
    ++(scenario.expectation.must.empty() ? right : wrong);
  }
  std::vector<std::string> families;
  for (const auto& [family, counts] : right_and_wrong) {
    families.push_back(family);
    EXPECT_GE(counts.first, 1) << family;
    EXPECT_GE(counts.second, 1) << family;
  }
  EXPECT_THAT(families, testing::ElementsAre("async", "compute", "counter", "deadlock", "download", "litmus",
                                             "lockfree", "memory", "output", "pools", "processes", "queue", "semaphore",
                                             "threads", "waiting"));
}

TEST(Catalogue, EveryScenarioFileIsInAPluginOrAGapWithItsReason) {
  std::set<std::string> built;
  for (const auto& scenario : scenarios()) built.insert(file_of(scenario));
  for (const auto& file : scenario_files()) {
    if (built.contains(file)) continue;
    auto name = file.stem().string();
    std::ranges::replace(name, '_', '-');
    const auto id = file.parent_path().filename().string() + "/" + name;
    EXPECT_THAT(tree().gaps, testing::Contains(testing::Pair(id, testing::Not(testing::IsEmpty())))) << file;
  }
}

TEST(Catalogue, AScenarioStandsInTheFileOfItsName) {
  for (const auto& scenario : scenarios()) {
    // A litmus file has one variant for each memory order: message_passing.cpp has litmus/message-passing-relaxed.
    const auto suffixes = scenario.outcomes.empty()
                              ? std::vector<std::string>{""}
                              : std::vector<std::string>{"-relaxed", "-acquire-release", "-seq-cst"};
    std::vector<std::string> files;
    for (const auto& suffix : suffixes)
      if (scenario.id.ends_with(suffix)) {
        files.push_back("scenarios/" + scenario.id.substr(0, scenario.id.size() - suffix.size()) + ".cpp");
        std::ranges::replace(files.back(), '-', '_');
      }
    EXPECT_THAT(files, testing::Contains(file_of(scenario))) << scenario.id;
  }
}

TEST(Catalogue, EveryDeclaredRaceNamesItsFunctionAndItsMember) {
  for (const auto& scenario : scenarios())
    for (const auto& must : scenario.expectation.must)
      if (must.kind == FindingKind::data_race) {
        EXPECT_FALSE(must.at.empty()) << scenario.id;
        // A race with an object's end is on no member of the state.
        const bool with_an_end = std::ranges::any_of(scenario.expectation.must, [](const ExpectedFinding& other) {
          return other.kind == FindingKind::memory_error;
        });
        EXPECT_TRUE(must.field.has_value() || with_an_end) << scenario.id;
      }
}

TEST(Catalogue, EveryScenarioSaysWhatItIsAndWhetherItIsPartOfTheQuickSet) {
  for (const auto& scenario : scenarios()) {
    EXPECT_FALSE(scenario.says.empty()) << scenario.id;
    EXPECT_EQ(scenario.has_tag("core") + scenario.has_tag("more") + scenario.has_tag("slow"), 1) << scenario.id;
  }
}

TEST(Catalogue, EveryScenarioFileOpensWithWhichInterleavingMattersAndReadsInAMinute) {
  for (const auto& file : scenario_files()) {
    std::ifstream text(std::filesystem::path(CHICANE_SOURCE) / file);
    int opening = 0, lines = 0;
    bool still_opening = true;
    for (std::string line; std::getline(text, line); ++lines) {
      still_opening = still_opening && line.starts_with("//");
      opening += still_opening;
    }
    EXPECT_THAT(opening, testing::AllOf(testing::Ge(3), testing::Le(8))) << file;
    EXPECT_LE(lines, 80) << file;
  }
}

}  // namespace
}  // namespace chicane
