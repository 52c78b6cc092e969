// A stream of decisions is a schedule: it replays to the same trace, again and again and with either hand-off.
#include "harness/explore/replay.h"

#include <string_view>

#include <gtest/gtest.h>

#include "harness/explore/explore.h"
#include "harness/explore/schedulers/pos.h"
#include "tests/explore/cases/case.h"

namespace chicane::explore {
namespace {

Body body_of(std::string_view name) {
  for (const Case* entry = first_case; entry != nullptr; entry = entry->next)
    if (entry->name == name) {
      Body body;
      body.context = reinterpret_cast<void*>(entry->run);
      body.main = [](void* run) { reinterpret_cast<void (*)()>(run)(); };
      return body;
    }
  ADD_FAILURE() << "no case " << name;
  return {};
}

void expect_same(const Trace& expected, const Trace& actual, const char* what) {
  ASSERT_EQ(expected.size(), actual.size()) << what;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Step &a = expected[i], &b = actual[i];
    ASSERT_EQ(a.thread, b.thread) << what << ", step " << i;
    ASSERT_EQ(name(a.operation.kind), name(b.operation.kind)) << what << ", step " << i;
    ASSERT_EQ(a.operation.pc, b.operation.pc) << what << ", step " << i;
    ASSERT_EQ(a.decision, b.decision) << what << ", step " << i;
    ASSERT_EQ(a.failed, b.failed) << what << ", step " << i;
    ASSERT_EQ(a.preempted, b.preempted) << what << ", step " << i;
    ASSERT_EQ(a.stack, b.stack) << what << ", step " << i;
    ASSERT_EQ(a.holds.size(), b.holds.size()) << what << ", step " << i;
    if (a.operation.size_bytes <= 4) {  // longer ones may be addresses
      ASSERT_EQ(a.value_read, b.value_read) << what << ", step " << i;
      ASSERT_EQ(a.value_written, b.value_written) << what << ", step " << i;
    }
  }
}

class Replaying : public testing::TestWithParam<const char*> {};

TEST_P(Replaying, GivesTheSameTraceInBothBackends) {
  const Body body = body_of(GetParam());
  SharedLocations learned;
  Pos pos;
  Options options;
  options.memory_model = MemoryModel::relaxed;
  Recording first;
  for (std::uint64_t seed = 1; seed <= 5; ++seed)
    ASSERT_FALSE(run_schedule(body, pos, seed, options, learned, first).process_spent);
  for (std::uint64_t seed = 6; seed <= 12; ++seed) {
    const SharedLocations known = learned;
    SharedLocations growing = learned;
    Trace trace;
    Recording recorded{{}, &trace};
    const Outcome outcome = run_schedule(body, pos, seed, options, growing, recorded);
    ASSERT_FALSE(outcome.process_spent);
    for (const Backend backend : {Backend::automatic, Backend::futex, Backend::automatic}) {
      options.backend = backend;
      Trace again;
      Recording replayed{{}, &again};
      const Outcome second = replay_schedule(body, recorded.decisions, options, known, replayed);
      EXPECT_FALSE(second.divergence) << second.divergence->message;
      EXPECT_EQ(recorded.decisions, replayed.decisions);
      EXPECT_EQ(outcome.findings.size(), second.findings.size());
      EXPECT_EQ(outcome.statistics.switches, second.statistics.switches);
      expect_same(trace, again, backend == Backend::futex ? "futex" : "again");
    }
    options.backend = Backend::automatic;
  }
}
// Not std::barrier: libstdc++ keeps counts over the whole process, so that values differ from schedule to schedule.
INSTANTIATE_TEST_SUITE_P(Cases, Replaying,
                         testing::Values("lost_update", "wait_with_flag", "two_kinds_of_waiters_broadcast",
                                         "readers_and_a_writer", "treiber_stack_aba", "test_and_set_lock",
                                         "futures_and_promises", "thread_local_objects", "store_buffering_relaxed",
                                         "peterson_relaxed", "timed_wait_comes_back", "call_once_throws_then_runs",
                                         "posix_semaphore", "publication_by_fences"),
                         [](const auto& parameter) { return std::string(parameter.param); });

TEST(Replaying, SaysWhereAStreamDoesNotFit) {
  const Body body = body_of("fetch_add_counts");
  const SharedLocations learned;
  Recording recording;
  const Decisions decisions{{DecisionKind::thread, 0, 2}, {DecisionKind::waiter, 1, 9}};
  const Outcome outcome = replay_schedule(body, decisions, {}, learned, recording);
  ASSERT_TRUE(outcome.divergence);
  EXPECT_EQ(outcome.divergence->decision, 1U);
  EXPECT_EQ(outcome.ending, Ending::diverged);
}

TEST(Replaying, AHundredTimesIsTheSameHundredTimes) {
  const Body body = body_of("lost_update");
  SharedLocations learned;
  Pos pos;
  Recording recorded;
  bool lost = false;
  for (std::uint64_t seed = 1; seed < 200 && !lost; ++seed) {
    const SharedLocations known = learned;
    const Outcome outcome = run_schedule(body, pos, seed, {}, learned, recorded);
    for (const SeenFinding& finding : outcome.findings) lost = lost || finding.kind == FindingKind::wrong_result;
    if (!lost) continue;
    for (int i = 0; i < 100; ++i) {
      Recording replayed;
      const Outcome again = replay_schedule(body, recorded.decisions, {}, known, replayed);
      EXPECT_EQ(again.findings.size(), outcome.findings.size());
      EXPECT_EQ(replayed.decisions, recorded.decisions);
    }
  }
  EXPECT_TRUE(lost);
}

}  // namespace
}  // namespace chicane::explore
