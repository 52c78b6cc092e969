// Real programs that are stuck, and real ones that only stand still, watched from outside.
#include "harness/supervisor/stuck/watch.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chicane::stuck {
namespace {

using testing::Contains;
using testing::HasSubstr;

const std::atomic<bool> not_stopped{false};

struct Seen {
  ProcessOutcome outcome;
  std::optional<Finding> finding;
};

Seen watched(const std::string& way, std::chrono::milliseconds limit = std::chrono::seconds(60),
             bool controlled = false) {
  Watch watch;
  if (controlled) watch.is_controlled();
  ProcessRequest request;
  request.command = {CHICANE_STUCK_PROGRAM, way};
  request.keeper = CHICANE_KEEPER;
  request.wall_limit = limit;
  request.observer = &watch;
  request.on_result_line = [&](std::string_view line, bool) {
    watch.board_is_at(std::strtoull(std::string(line).c_str(), nullptr, 10));
  };
  auto outcome = run_process(request, not_stopped);
  EXPECT_TRUE(outcome.has_value());
  return {std::move(*outcome), watch.take_finding()};
}

bool stands_in(const Finding& finding, const std::string& function) {
  for (const auto& labelled : finding.evidence.stacks)
    for (const auto& frame : labelled.stack)
      if (frame.function.find(function) != std::string::npos && frame.file.ends_with("stuck_program.cpp") &&
          frame.line != 0)
        return true;
  return false;
}

std::string in_words(const Finding& finding) {
  std::string text = finding.evidence.message;
  for (const auto& labelled : finding.evidence.stacks) {
    text += "\n" + labelled.label;
    for (const auto& frame : labelled.stack)
      text += "\n    " + frame.function + " " + frame.file + ":" + std::to_string(frame.line) + " " + frame.module;
  }
  return text;
}

// Ended long before its limit, and told what it is, with the function it stands in.
void expect_proven(const std::string& way, FindingKind kind, const std::string& function) {
  const auto seen = watched(way);
  EXPECT_TRUE(seen.outcome.stuck) << way;
  ASSERT_TRUE(seen.finding) << way;
  EXPECT_EQ(seen.finding->kind, kind) << in_words(*seen.finding);
  EXPECT_TRUE(stands_in(*seen.finding, function)) << in_words(*seen.finding);
}

TEST(Watch, LocksInOppositeOrdersAreADeadlock) { expect_proven("lock_order", FindingKind::deadlock, "take_both"); }
// A parked thread sleeps on a word of the scheduler's, and what lies beside it is no lock: the upper half of a pointer
// to code was once taken for the thread that holds one.
TEST(Watch, OfControlledThreadsOnlyTheTimeCounts) {
  const auto seen = watched("lock_order", std::chrono::milliseconds(1500), true);
  EXPECT_FALSE(seen.outcome.stuck);
  EXPECT_TRUE(seen.outcome.timed_out);
  ASSERT_TRUE(seen.finding);
  EXPECT_EQ(seen.finding->kind, FindingKind::hang) << in_words(*seen.finding);
}
TEST(Watch, ALockTakenTwiceIsADeadlock) { expect_proven("lock_itself", FindingKind::deadlock, "lock_itself"); }
TEST(Watch, WritersThatReadWhatTheOtherWritesAreADeadlock) {
  expect_proven("write_locks", FindingKind::deadlock, "write_locks");
}
TEST(Watch, JoiningAThreadThatWantsAHeldLockIsADeadlock) {
  expect_proven("join_with_lock", FindingKind::deadlock, "join_with_lock");
}
TEST(Watch, ACycleIsSeenAlthoughAnotherThreadRuns) {
  expect_proven("cycle_beside_a_worker", FindingKind::deadlock, "take_both");
}
TEST(Watch, ANotificationBeforeTheWaitIsALostWakeup) {
  expect_proven("notified_before", FindingKind::lost_wakeup, "wait_unheard");
}
TEST(Watch, ASemaphoreThatNobodyReleasesIsAHang) {
  expect_proven("nobody_releases", FindingKind::hang, "nobody_releases");
}

TEST(Watch, ASpinIsAHangAtItsLimitAndSaysWhere) {
  const auto seen = watched("spin", std::chrono::milliseconds(500));
  EXPECT_TRUE(seen.outcome.timed_out);
  EXPECT_FALSE(seen.outcome.stuck);
  ASSERT_TRUE(seen.finding);
  EXPECT_EQ(seen.finding->kind, FindingKind::hang);
  EXPECT_TRUE(stands_in(*seen.finding, "spin")) << in_words(*seen.finding);
}

// The turns of a timed trial were counted out by another process, for which they may have been cheaper.
TEST(Watch, WhoGetsOnIsGivenMoreTime) {
  const auto seen =
      watched("gets_on", std::chrono::milliseconds(1000));  // it takes 2.5 s, yields, and changes its state
  EXPECT_FALSE(seen.outcome.timed_out);
  EXPECT_EQ(seen.outcome.exit_code, 0) << seen.outcome.stderr_tail;
  EXPECT_FALSE(seen.finding) << in_words(*seen.finding);
  EXPECT_GE(seen.outcome.wall_limit, std::chrono::seconds(3));
}
TEST(Watch, MoreTimeEndsToo) {
  const auto seen = watched("gets_on_for_ever", std::chrono::milliseconds(800));
  EXPECT_TRUE(seen.outcome.timed_out);
  EXPECT_EQ(seen.outcome.wall_limit, std::chrono::milliseconds(3200));
  ASSERT_TRUE(seen.finding);
  EXPECT_EQ(seen.finding->kind, FindingKind::hang) << in_words(*seen.finding);  // a livelock does not get on
}
TEST(Watch, WhoGotOnOnceIsGivenOneLimit) {
  const auto seen = watched("got_on_once", std::chrono::milliseconds(2000));
  EXPECT_TRUE(seen.outcome.timed_out);
  EXPECT_EQ(seen.outcome.wall_limit, std::chrono::seconds(2));
  EXPECT_TRUE(seen.finding);
}

class GoesOn : public testing::TestWithParam<const char*> {};
TEST_P(GoesOn, AndIsLeftAlone) {
  const auto seen = watched(GetParam());
  EXPECT_FALSE(seen.outcome.stuck);
  EXPECT_EQ(seen.outcome.exit_code, 0) << seen.outcome.stderr_tail;
  EXPECT_FALSE(seen.finding) << seen.finding->evidence.message;
}
INSTANTIATE_TEST_SUITE_P(Watch, GoesOn,
                         testing::Values("sleeper_with_lock", "waits_with_limit", "waits_for_child",
                                         "woken_by_another_process", "woken_by_a_timer", "woken_by_an_alarm", "reads",
                                         "works"),
                         [](const auto& way) { return std::string(way.param); });

}  // namespace
}  // namespace chicane::stuck
