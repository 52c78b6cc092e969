#include "harness/supervisor/process.h"

#include <signal.h>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/supervisor/never.h"

namespace chicane {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Ran {
  Result<ProcessOutcome> outcome;
  std::vector<std::string> lines;
  std::string torn;
};

Ran shell(const std::string& script, ProcessRequest request = {}, const std::atomic<bool>& stop = never) {
  Ran ran;
  request.command = {"/bin/sh", "-c", script};
  request.on_result_line = [&](std::string_view text, bool whole) {
    if (whole)
      ran.lines.emplace_back(text);
    else
      ran.torn = text;
  };
  ran.outcome = run_process(request, stop);
  return ran;
}

TEST(Process, ReportsItsExitCodeAndOutput) {
  const auto ran = shell("echo out; echo err >&2; exit 3");
  ASSERT_TRUE(ran.outcome);
  EXPECT_EQ(ran.outcome->exit_code, 3);
  EXPECT_EQ(ran.outcome->stdout_tail, "out\n");
  EXPECT_EQ(ran.outcome->stderr_tail, "err\n");
}

TEST(Process, ReportsTheSignalThatEndedIt) {
  const auto ran = shell("kill -SEGV $$");
  ASSERT_TRUE(ran.outcome);
  EXPECT_EQ(ran.outcome->signal, SIGSEGV);
  EXPECT_FALSE(ran.outcome->exit_code);
}

TEST(Process, KeepsTheEndOfALongOutputAndCountsAll) {
  ProcessRequest request;
  request.output_bound_bytes = 100;
  const auto ran = shell("head -c 1000000 /dev/zero | tr '\\0' x; echo end", request);
  ASSERT_TRUE(ran.outcome);
  EXPECT_EQ(ran.outcome->stdout_bytes, 1'000'004u);
  EXPECT_EQ(ran.outcome->stdout_tail.size(), 100u);
  EXPECT_TRUE(ran.outcome->stdout_tail.ends_with("xend\n"));
}

TEST(Process, SplitsResultLinesAndMarksATornOne) {
  const auto ran = shell("printf 'one\\ntwo\\nthr' >&3");
  EXPECT_THAT(ran.lines, ElementsAre("one", "two"));
  EXPECT_EQ(ran.torn, "thr");
}

TEST(Process, AFloodOfResultBytesIsDroppedAndSaid) {
  ProcessRequest request;
  request.result_bound_bytes = 1000;
  const auto ran = shell("yes | head -c 100000 >&3", request);
  ASSERT_TRUE(ran.outcome);
  EXPECT_TRUE(ran.outcome->result_flood);
  EXPECT_LE(ran.lines.size(), 500u);
}

TEST(Process, IsKilledAtItsTimeLimitWithItsChildren) {
  ProcessRequest request;
  request.wall_limit = std::chrono::milliseconds(200);
  const auto ran = shell("sleep 1000 & echo $! ; wait", request);
  ASSERT_TRUE(ran.outcome);
  EXPECT_TRUE(ran.outcome->timed_out);
  EXPECT_EQ(ran.outcome->signal, SIGKILL);
  const auto child = static_cast<pid_t>(std::stol(ran.outcome->stdout_tail));
  // The kill is sent before run_process returns; the child may be a zombie until init has reaped it.
  for (int i = 0; i < 1000 && kill(child, 0) == 0; ++i) {
    const auto state = "/proc/" + std::to_string(child) + "/stat";
    std::FILE* file = std::fopen(state.c_str(), "r");
    if (file == nullptr) break;
    char letter = ' ';
    const int fields = std::fscanf(file, "%*d (%*[^)]) %c", &letter);
    std::fclose(file);
    if (fields == 1 && letter == 'Z') break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ASSERT_LT(i, 999) << "the child " << child << " outlived its group's kill";
  }
}

TEST(Process, AChildThatKeepsThePipesOpenDelaysNobody) {
  ProcessRequest request;
  request.wall_limit = std::chrono::seconds(100);
  const auto ran = shell("setsid sleep 1000 & echo $!; exit 0", request);
  ASSERT_TRUE(ran.outcome);
  EXPECT_EQ(ran.outcome->exit_code, 0);
  EXPECT_FALSE(ran.outcome->timed_out);
  kill(static_cast<pid_t>(std::stol(ran.outcome->stdout_tail)), SIGKILL);
}

TEST(Process, StopsAtOnceWhenAsked) {
  const std::atomic<bool> stop{true};
  const auto ran = shell("sleep 1000", {}, stop);
  ASSERT_TRUE(ran.outcome);
  EXPECT_TRUE(ran.outcome->stopped);
}

TEST(Process, AProgramThatIsNotThereIsAClearError) {
  ProcessRequest request;
  request.command = {"/no/such/runner"};
  const auto outcome = run_process(request, never);
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("/no/such/runner"));
}

TEST(Process, SetsAndUnsetsEnvironment) {
  setenv("CHICANE_TEST_GONE", "1", 1);
  ProcessRequest request;
  request.set_environment = {{"CHICANE_TEST_SET", "yes"}};
  setenv("CHICANE_TESTED_A", "1", 1);
  setenv("CHICANE_TEST_KEPT", "kept", 1);
  request.unset_environment = {"CHICANE_TEST_GONE", "CHICANE_TESTED_*"};
  const auto ran = shell("echo \"$CHICANE_TEST_SET[$CHICANE_TEST_GONE$CHICANE_TESTED_A]$CHICANE_TEST_KEPT\"", request);
  ASSERT_TRUE(ran.outcome);
  EXPECT_EQ(ran.outcome->stdout_tail, "yes[]kept\n");
}

TEST(Process, ManyAtOnceFromSeveralThreads) {
  std::vector<std::jthread> threads;
  std::atomic<int> good{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        const auto ran = shell("echo x >&3; exit 4");
        if (ran.outcome && ran.outcome->exit_code == 4 && ran.lines == std::vector<std::string>{"x"}) ++good;
      }
    });
  threads.clear();
  EXPECT_EQ(good, 40);
}

}  // namespace
}  // namespace chicane
