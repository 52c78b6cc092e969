// Races of the very pass that takes the process down arrive all the same, and the process ends as it would alone.
#include <algorithm>
#include <csignal>

#include <gtest/gtest.h>

#include "tests/runner/runner_process.h"

namespace chicane {
namespace {

struct Ending {
  const char* name;
  int number;  // in plugins/endings.cpp
  std::optional<int> exit_code, signal;
};

TrialRequest ending_request(int ending, bool races) {
  auto request = subject_request("endings/all", Lane::tsan);
  request.plugin = test_plugin("endings");
  request.parameters.args = {{"races", races}, {"ending", ending}};
  request.turns = 1;
  return request;
}

std::ptrdiff_t races_in(const RunnerRun& run) {
  return std::ranges::count(run.findings(), FindingKind::data_race, &Finding::kind);
}

class Endings : public testing::TestWithParam<Ending> {};
INSTANTIATE_TEST_SUITE_P(All, Endings,
                         testing::Values(Ending{"NullWrite", 0, {}, SIGSEGV}, Ending{"Abort", 1, {}, SIGABRT},
                                         Ending{"FullStack", 2, {}, SIGSEGV}, Ending{"QuickEnd", 3, 7, {}},
                                         Ending{"Exit", 4, 7, {}}, Ending{"OwnHandler", 6, 8, {}}),
                         [](const auto& ending) { return ending.param.name; });

TEST_P(Endings, TheRaceBeforeItIsToldWithBothStacks) {
  const auto run = start_trial(ending_request(GetParam().number, true));
  EXPECT_EQ(run.exit_code, GetParam().exit_code);
  EXPECT_EQ(run.signal, GetParam().signal);
  ASSERT_EQ(races_in(run), 1) << run.output;
  const Finding race = run.findings()[0];
  for (const auto& access : race.evidence.accesses) {
    ASSERT_FALSE(access.stack.empty());
    EXPECT_TRUE(access.stack[0].file.ends_with("endings.cpp")) << access.stack[0].file;
  }
  EXPECT_EQ(race.evidence.accesses.size(), 2u);
  EXPECT_EQ(run.find(RunnerEvent::Kind::finished), nullptr);
}

TEST_P(Endings, WithoutARaceNothingIsTold) {
  const auto run = start_trial(ending_request(GetParam().number, false));
  EXPECT_EQ(run.exit_code, GetParam().exit_code);
  EXPECT_EQ(run.signal, GetParam().signal);
  EXPECT_TRUE(run.findings().empty()) << run.findings()[0].evidence.message;
  EXPECT_TRUE(run.garbage.empty());
}

TEST(Hang, ARaceBeforeAHangIsToldWhileItHangs) {
  const auto run = start_trial_and_kill_at(ending_request(5, true), "\"data_race\"");
  EXPECT_EQ(run.signal, SIGKILL);
  EXPECT_EQ(races_in(run), 1);
}

}  // namespace
}  // namespace chicane
