// Workers that do what they should, and workers that don't: in both kinds of team.
#include <csignal>
#include <vector>

#include <gtest/gtest.h>

#include "tests/runner/subjects.h"

namespace chicane {
namespace {

class Teams : public testing::TestWithParam<WorkerKind> {};
INSTANTIATE_TEST_SUITE_P(Kinds, Teams, testing::Values(WorkerKind::thread, WorkerKind::process),
                         [](const auto& kind) { return std::string(name(kind.param)); });

TEST_P(Teams, WorkersShareTheStateAndNothingIsFoundInARightOne) {
  const auto played = play("atomic", GetParam(), 4, 1000);
  EXPECT_TRUE(played.findings.empty()) << played.findings[0].evidence.message;
  for (const auto& outcome : played.outcomes) {
    EXPECT_EQ(outcome.turns_done, 1000u);
    EXPECT_TRUE(outcome.began && outcome.returned && !outcome.failed);
    EXPECT_LE(outcome.begin_ns, outcome.end_ns);
    EXPECT_GE(outcome.first_cpu, 0);
  }
  EXPECT_FALSE(any_failed(played.outcomes));
}

TEST_P(Teams, AWorkerThatThrowsReleasesItsPeers) {
  const auto played = play("thrower", GetParam());
  ASSERT_EQ(played.findings.size(), 1u);
  EXPECT_EQ(played.said(FindingKind::uncaught_exception), "worker 1 threw: no more");
  EXPECT_EQ(played.outcomes[0].turns_done, 100u);
  EXPECT_EQ(played.outcomes[1].turns_done, 1u);
  EXPECT_TRUE(any_failed(played.outcomes));
}

TEST_P(Teams, AWorkerThatLeavesItsLoopEarlyIsFound) {
  const auto played = play("leaver", GetParam());
  ASSERT_EQ(played.findings.size(), 1u);
  EXPECT_EQ(played.said(FindingKind::early_exit), "worker 1 left its loop after 3 of 100 turns");
  EXPECT_EQ(played.outcomes[0].turns_done, 100u);
}

TEST_P(Teams, AWorkerThatNeverStartsItsLoopIsFound) {
  const auto played = play("idler", GetParam());
  ASSERT_EQ(played.findings.size(), 1u);
  EXPECT_EQ(played.said(FindingKind::early_exit), "worker 1 never started its loop");
  EXPECT_FALSE(played.outcomes[1].began);
  EXPECT_EQ(played.outcomes[0].turns_done, 100u);
}

TEST_P(Teams, CountersAreMergedAsTheyAreDeclared) {
  const auto played = play("counts", GetParam(), 4);
  const std::map<std::string, double> wanted{{"checked", 1}, {"max", 4}, {"mean", 2.5}, {"rate", 10}, {"sum", 10}};
  EXPECT_EQ(played.counters, wanted);
}

TEST(ThreadTeam, ASecondLoopIsFoundAndDoesNotBlock) {
  EXPECT_EQ(play("two-loops", WorkerKind::thread).said(FindingKind::protocol_broken),
            "worker 1 started a second loop; a worker has one");
}

TEST(ThreadTeam, CountersThatDisagreeInHowTheyAreMergedAreFound) {
  EXPECT_NE(play("counts-disagree", WorkerKind::thread).said(FindingKind::protocol_broken), "");
}

TEST(ProcessTeam, AWorkerKilledBySignalIsACrashAndReleasesItsPeers) {
  const auto played = play("killed", WorkerKind::process, 3);
  ASSERT_EQ(played.findings.size(), 1u);
  EXPECT_EQ(played.findings[0].kind, FindingKind::crash);
  EXPECT_EQ(played.findings[0].evidence.signal, SIGKILL);
  EXPECT_EQ(played.findings[0].evidence.message, "worker process 1 was ended by SIGKILL (Killed)");
  EXPECT_EQ(played.outcomes[0].turns_done, 100u);
  EXPECT_EQ(played.outcomes[2].turns_done, 100u);
}

TEST(ProcessTeam, AWorkerThatExitsIsAnEarlyExitAndReleasesItsPeers) {
  const auto played = play("exits", WorkerKind::process, 3);
  ASSERT_EQ(played.findings.size(), 1u);
  EXPECT_EQ(played.findings[0].kind, FindingKind::early_exit);
  EXPECT_EQ(played.findings[0].evidence.exit_code, 7);
  EXPECT_EQ(played.outcomes[2].turns_done, 100u);
}

TEST(ProcessTeam, EveryWorkerIsAProcessOfItsOwn) {
  // Threads count their faults and switches together; a process team's peak memory is of each process.
  for (const auto& outcome : play("atomic", WorkerKind::process).outcomes) EXPECT_GT(outcome.peak_resident_bytes, 0u);
  for (const auto& outcome : play("atomic", WorkerKind::thread).outcomes) EXPECT_EQ(outcome.peak_resident_bytes, 0u);
}

}  // namespace
}  // namespace chicane
