#include "harness/supervisor/sources.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace chicane {
namespace {

class Sources : public testing::Test {
 protected:
  Sources() {
    std::filesystem::create_directories(folder_ + "/scenarios");
    std::ofstream file(folder_ + "/scenarios/a.cpp");
    for (int i = 1; i <= 20; ++i) file << "line " << i << "\n";
  }
  static Finding at(std::uint32_t line, const std::string& file = "scenarios/a.cpp") {
    Finding finding;
    finding.evidence.accesses.push_back({});
    finding.evidence.accesses[0].stack = {{"A::work()", file, line, 1, "a.so"}};
    return finding;
  }
  std::string folder_ = testing::TempDir() + "chicane_sources";
};

TEST_F(Sources, HasTheLinesAroundAFrame) {
  const auto sources = collect_sources({at(10)}, {folder_});
  ASSERT_EQ(sources.size(), 1u);
  EXPECT_EQ(sources[0].first_line, 7u);
  ASSERT_EQ(sources[0].lines.size(), 7u);
  EXPECT_EQ(sources[0].lines[3], "line 10");
}

TEST_F(Sources, JoinsExcerptsThatTouchAndKeepsOthersApart) {
  const auto sources = collect_sources({at(5), at(8), at(19)}, {folder_});
  ASSERT_EQ(sources.size(), 2u);
  EXPECT_EQ(sources[0].first_line, 2u);
  EXPECT_EQ(sources[0].lines.size(), 10u);
  EXPECT_EQ(sources[1].lines.back(), "line 20");
}

TEST_F(Sources, LeavesOutWhatIsNotThere) {
  EXPECT_TRUE(collect_sources({at(10, "gone.cpp"), at(999)}, {folder_}).empty());
}

}  // namespace
}  // namespace chicane
