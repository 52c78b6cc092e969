// Processes of ThreadSanitizer that found no room are started again; others end as they end.
#include "harness/supervisor/misplaced.h"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/supervisor/never.h"

namespace chicane {
namespace {

using testing::HasSubstr;

// As ThreadSanitizer of clang 19 writes it where personality() is refused.
constexpr const char* no_room =
    "ThreadSanitizer: CHECK failed: tsan_platform_linux.cpp:290 \"((personality(old_personality | "
    "ADDR_NO_RANDOMIZE))) != ((-1))\" (0xffffffffffffffff, 0xffffffffffffffff) (tid=7)";

class Misplaced : public testing::Test {
 protected:
  void SetUp() override {
    count_ = (std::filesystem::temp_directory_path() / fmt::format("chicane-misplaced-{}", getpid())).string();
    std::filesystem::remove(count_);
  }
  void TearDown() override { std::filesystem::remove(count_); }

  // Counts its starts; `script` is what it does then.
  Result<ProcessOutcome> run(const std::string& script) {
    ProcessRequest request;
    request.command = {"/bin/sh", "-c", fmt::format("echo >>'{}'; {}", count_, script)};
    request.on_result_line = [this](std::string_view line, bool) { lines_.emplace_back(line); };
    return run_placed(request, never);
  }
  std::size_t starts() const {
    std::ifstream file(count_);
    return static_cast<std::size_t>(std::count(std::istreambuf_iterator<char>(file), {}, '\n'));
  }

  std::string count_;
  std::vector<std::string> lines_;
};

TEST_F(Misplaced, ARunnerWithoutRoomIsStartedAgainUntilItHasSome) {
  const auto outcome = run(fmt::format(
      "[ $(wc -l <'{}') -ge 4 ] && {{ echo there >&3; exit 0; }}; echo '{}' >&2; kill -SEGV $$", count_, no_room));
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->exit_code, 0);
  EXPECT_EQ(starts(), 4u);
  EXPECT_EQ(lines_, std::vector<std::string>{"there"});
}

TEST_F(Misplaced, AfterManyInARowItIsAnErrorThatSaysWhatToDo) {
  const auto outcome = run(fmt::format("echo '{}' >&2; exit 66", no_room));
  ASSERT_FALSE(outcome.has_value());
  EXPECT_THAT(outcome.error().message, HasSubstr("vm.mmap_rnd_bits"));
  EXPECT_EQ(starts(), 60u);
}

TEST_F(Misplaced, ACrashOfAScenarioIsNotTriedAgain) {
  ASSERT_TRUE(run("kill -SEGV $$").has_value());
  EXPECT_EQ(starts(), 1u);
}

TEST_F(Misplaced, AScenarioThatPrintsTheSameWordsIsNotTriedAgain) {
  const auto outcome = run(fmt::format("echo '{{}}' >&3; echo '{}' >&2; exit 66", no_room));
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->exit_code, 66);
  EXPECT_EQ(starts(), 1u);
}

}  // namespace
}  // namespace chicane
