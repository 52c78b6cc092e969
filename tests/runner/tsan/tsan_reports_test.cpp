// The collector in front of the real ThreadSanitizer.
#include "harness/runner/lanes/tsan_reports.h"

#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/runner/lanes/tsan_raw.h"
#include "tests/runner/tsan/collect.h"
#include "tests/runner/tsan/samples.h"

namespace chicane {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// The number of the sample's line that holds the text.
std::uint32_t line_with(const std::string& text) {
  std::ifstream file(CHICANE_SAMPLES_SOURCE);
  std::string line;
  for (std::uint32_t number = 1; std::getline(file, line); ++number)
    if (line.find(text) != std::string::npos) return number;
  ADD_FAILURE() << "no line with " << text;
  return 0;
}

TEST(TsanReports, RaceOnADeclaredMemberNamesIt) {
  const Collected all = collect("race_on_first_member");
  const Finding race = only(all);
  EXPECT_EQ(race.kind, FindingKind::data_race);
  ASSERT_TRUE(race.evidence.location);
  EXPECT_EQ(race.evidence.location->type, "state");
  EXPECT_EQ(race.evidence.location->name, "total");
  EXPECT_EQ(race.evidence.location->offset_bytes, 0u);
  EXPECT_EQ(race.evidence.location->size_bytes, sizeof(SampleState));
  EXPECT_THAT(race.evidence.message, HasSubstr("of 8 bytes by thread"));
  EXPECT_THAT(race.evidence.message, EndsWith(", on state member total"));
  EXPECT_EQ(race.fingerprint.size(), 16u);
}

TEST(TsanReports, RaceOnAnotherMemberIsNotTakenForTheDeclaredOne) {
  const Finding race = only(collect("race_on_second_member"));
  ASSERT_TRUE(race.evidence.location);
  EXPECT_EQ(race.evidence.location->name, "state+8");
  EXPECT_EQ(race.evidence.location->offset_bytes, 8u);
}

TEST(TsanReports, BothAccessesHaveStacksWithFileAndLine) {
  const Finding race = only(collect("race_by_two_named_functions"));
  ASSERT_THAT(race.evidence.accesses, SizeIs(2));
  std::vector<std::string> innermost;
  for (const Access& access : race.evidence.accesses) {
    ASSERT_FALSE(access.stack.empty());
    const Frame& frame = access.stack[0];
    innermost.push_back(frame.function);
    EXPECT_EQ(frame.file, "tests/runner/tsan/samples.cpp");
    EXPECT_EQ(frame.line, line_with(frame.function.find("add_one") != std::string::npos ? "++*value" : "*value += 2"));
    EXPECT_EQ(frame.module, "chicane_tsan_samples.so");
    EXPECT_THAT(functions(access.stack), HasSubstr("race_by_two_named_functions"));  // inlined lambdas stay apart
    EXPECT_EQ(access.size_bytes, 8u);
    EXPECT_FALSE(access.atomic);
  }
  EXPECT_THAT(innermost, testing::UnorderedElementsAre(HasSubstr("add_one(long*)"), HasSubstr("add_two(long*)")));
}

TEST(TsanReports, ThreadsComeWithTheStacksOfTheirCreation) {
  const Finding race = only(collect("race_of_two_threads"));
  ASSERT_THAT(race.evidence.threads, SizeIs(2));
  for (const Access& access : race.evidence.accesses)
    EXPECT_THAT(race.evidence.threads, Contains(Field(&ThreadInfo::id, access.thread)));
  for (const ThreadInfo& thread : race.evidence.threads) {
    EXPECT_GT(thread.id, 0u);
    EXPECT_THAT(functions(thread.created_at), HasSubstr("race_of_two_threads"));
    EXPECT_THAT(functions(thread.created_at), EndsWith("main < "));
    for (const Frame& frame : thread.created_at)
      EXPECT_THAT(frame.file, Not(HasSubstr("tsan_interpose"))) << "our own frames are left out";
  }
}

TEST(TsanReports, RaceOnAGlobalNamesIt) {
  const Finding race = only(collect("race_on_global"));
  ASSERT_TRUE(race.evidence.location);
  EXPECT_EQ(race.evidence.location->type, "global");
  EXPECT_THAT(race.evidence.location->name, HasSubstr("global_total"));
  EXPECT_EQ(race.evidence.location->size_bytes, sizeof(long));
  EXPECT_EQ(race.evidence.location->offset_bytes, 0u);
}

TEST(TsanReports, RaceOnTheHeapTellsWhereTheBlockWasAllocated) {
  const Finding race = only(collect("race_on_heap"));
  ASSERT_TRUE(race.evidence.location);
  EXPECT_EQ(race.evidence.location->type, "heap");
  EXPECT_EQ(race.evidence.location->size_bytes, 3 * sizeof(long));
  EXPECT_EQ(race.evidence.location->offset_bytes, 2 * sizeof(long));
  EXPECT_THAT(functions(race.evidence.location->allocated_at), HasSubstr("race_on_heap"));
}

TEST(TsanReports, TheMainThreadHasNumberZero) {
  const Finding race = only(collect("race_between_thread_and_main"));
  EXPECT_THAT(race.evidence.accesses, Contains(Field(&Access::thread, 0u)));
  EXPECT_THAT(race.evidence.accesses, Contains(Field(&Access::thread, testing::Gt(0u))));
  EXPECT_THAT(race.evidence.message, HasSubstr("by the main thread"));
}

TEST(TsanReports, AMutexHeldOnOneSideIsShownOnThatSideOnly) {
  const Finding race = only(collect("race_with_lock_on_one_side"));
  ASSERT_THAT(race.evidence.accesses, SizeIs(2));
  ASSERT_THAT(race.evidence.mutexes, SizeIs(1));
  EXPECT_THAT(functions(race.evidence.mutexes[0].created_at), HasSubstr("race_with_lock_on_one_side"));
  for (const Access& access : race.evidence.accesses) {
    const bool has_lock = access.stack[0].line > line_with("const std::scoped_lock lock(mutex);");
    EXPECT_THAT(access.mutexes, SizeIs(has_lock ? 1 : 0));
  }
}

TEST(TsanReports, AtomicAccessIsMarkedAsSuch) {
  const Finding race = only(collect("race_between_atomic_and_plain"));
  EXPECT_THAT(race.evidence.accesses, Contains(Field(&Access::atomic, true)));
  EXPECT_THAT(race.evidence.accesses, Contains(Field(&Access::atomic, false)));
}

TEST(TsanReports, EqualFindingsAreFoldedAndCounted) {
  const Collected all = collect("race_in_two_places");
  ASSERT_THAT(all.findings, SizeIs(1));
  EXPECT_GE(all.findings[0].count, 2u);
}

TEST(TsanReports, DifferentRacesStayApart) {
  const Collected all = collect("two_races");
  ASSERT_THAT(all.findings, SizeIs(2));
  EXPECT_NE(all.findings[0].finding.fingerprint, all.findings[1].finding.fingerprint);
}

// How many reports of a sample found room, and what was said of those that did not.
struct Kept {
  std::uint64_t races = 0, dropped = 0;
};
Kept kept(const char* sample, std::size_t room) {
  tsan::set_report_capacity(room);
  Kept kept;
  for (const CollectedFinding& found : collect(sample).findings) {
    if (found.finding.kind == FindingKind::data_race) kept.races += found.count;
    if (found.finding.kind != FindingKind::limit_exceeded) continue;
    kept.dropped += found.count;
    EXPECT_EQ(found.finding.evidence.limit, "reports");
    EXPECT_THAT(found.finding.evidence.message, HasSubstr("incomplete"));
  }
  tsan::set_report_capacity(512);
  return kept;
}

TEST(TsanReports, ReportsWithoutRoomAreToldAsALimitAndWhatWasTakenMakesRoom) {
  const Kept cramped = kept("three_races", 1);
  EXPECT_EQ(cramped.races, 1u);
  EXPECT_GE(cramped.dropped, 2u);
  for (const char* next : {"three_more_races", "three_last_races"}) {
    const Kept fitting = kept(next, 8);  // 9 in all: more than that
    EXPECT_GE(fitting.races, 3u);
    EXPECT_EQ(fitting.dropped, 0u);
  }
}

TEST(TsanReports, RightProgramsAreSilent) {
  for (const char* name : {"locked_counter", "atomic_counter", "threads_that_end_in_every_way"}) {
    const Collected all = collect(name);
    EXPECT_THAT(all.findings, IsEmpty()) << name;
    EXPECT_THAT(all.notes, IsEmpty()) << name;
  }
}

TEST(TsanReports, UseAfterFreeIsAMemoryError) {
  const Finding use = only(collect("read_of_freed_memory"));
  EXPECT_EQ(use.kind, FindingKind::memory_error);
  ASSERT_THAT(use.evidence.accesses, SizeIs(2));
  EXPECT_THAT(use.evidence.message, HasSubstr("after it was freed"));
  EXPECT_THAT(functions(use.evidence.accesses[1].stack), HasSubstr("read_of_freed_memory"));
}

TEST(TsanReports, DestroyedWhileLockedIsMisuseOfAMutex) {
  const Finding misuse = only(collect("destroyed_while_locked"));
  EXPECT_EQ(misuse.kind, FindingKind::mutex_misuse);
  EXPECT_THAT(misuse.evidence.message, HasSubstr("destroyed while it was locked"));
  EXPECT_THAT(misuse.evidence.mutexes, SizeIs(1));
  ASSERT_FALSE(misuse.evidence.stacks.empty());
  EXPECT_THAT(functions(misuse.evidence.stacks[0].stack), HasSubstr("destroyed_while_locked"));
}

TEST(TsanReports, UnlockByAnotherThreadIsMisuseOfAMutex) {
  const Finding misuse = only(collect("unlocked_by_another_thread"));
  EXPECT_EQ(misuse.kind, FindingKind::mutex_misuse);
  ASSERT_FALSE(misuse.evidence.stacks.empty());
  EXPECT_THAT(functions(misuse.evidence.stacks[0].stack), HasSubstr("unlocked_by_another_thread"));
}

}  // namespace
}  // namespace chicane
