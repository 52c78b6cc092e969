// Workers that do what they should, and workers that don't: in both kinds of team.
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <iterator>
#include <new>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "harness/runner/memory.h"
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

// In memory that worker processes share.
struct Watched final : RegionWatch {
  std::atomic<int> begun = 0, ended = 0;
  std::atomic<bool> in_order = true;
  void begins() override { in_order = in_order && ended == 0, ++begun; }
  void ends() override { in_order = in_order && begun != 0, ++ended; }
};

TEST_P(Teams, AWatchIsToldOfTheTimedRegion) {
  for (const auto* id : {"atomic", "thrower", "idler"}) {
    const auto memory = Memory::map(sizeof(Watched), alignof(Watched), true).value();
    auto& watch = *new (memory.data()) Watched;
    const auto played = play(id, GetParam(), 3, 100, &watch);
    EXPECT_GE(watch.begun, 1) << id;
    EXPECT_GE(watch.ended, 1) << id;
    EXPECT_TRUE(watch.in_order) << id;
    EXPECT_EQ(played.outcomes[0].turns_done, 100u) << id;
    EXPECT_EQ(played.outcomes[0].at_end.cpu_ns, 0) << id;  // nothing else is looked at
    watch.~Watched();
  }
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

// The calling thread's pidfd_open fails from now on, its children's too.
bool refuse_pidfd() {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_open, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{std::size(program), program};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0 &&
         syscall(SYS_pidfd_open, getpid(), 0) < 0;
}

TEST(ProcessTeam, WherePidfdsAreRefusedWorkersAreSeenToEndAllTheSame) {
  bool refused = false;
  Played right, killed;
  std::thread([&] {
    refused = refuse_pidfd();
    if (!refused) return;
    right = play("atomic", WorkerKind::process, 3);
    killed = play("killed", WorkerKind::process, 3);
  }).join();
  if (!refused) GTEST_SKIP() << "no seccomp filter can be set here";
  EXPECT_TRUE(right.findings.empty()) << right.findings[0].evidence.message;
  for (const auto& outcome : right.outcomes) EXPECT_EQ(outcome.turns_done, 100u);
  ASSERT_EQ(killed.findings.size(), 1u);
  EXPECT_EQ(killed.said(FindingKind::crash), "worker process 1 was ended by SIGKILL (Killed)");
}

TEST(ProcessTeam, EveryWorkerIsAProcessOfItsOwn) {
  // Threads count their faults and switches together; a process team's peak memory is of each process.
  for (const auto& outcome : play("atomic", WorkerKind::process).outcomes) EXPECT_GT(outcome.peak_resident_bytes, 0u);
  for (const auto& outcome : play("atomic", WorkerKind::thread).outcomes) EXPECT_EQ(outcome.peak_resident_bytes, 0u);
}

}  // namespace
}  // namespace chicane
