#include "harness/runner/explore/picture.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/picture.h"

namespace chicane::explore {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::uintptr_t mutex_a = 0x1000, mutex_b = 0x2000, harness_barrier = 0x9000, total = 0x100;

// Code location n stands in line n of a file; below 10 it is the harness's.
class FakeNames final : public Names {
 public:
  chicane::Stack user_stack(const Stack& stack) override {
    chicane::Stack users;
    for (const auto pc : stack)
      if (pc >= 10) users.push_back({"Account::move()", "account.cpp", static_cast<std::uint32_t>(pc), 0, "a.so"});
    return users;
  }
  std::string object(std::uintptr_t address, bool) override {
    if (address == total) return "total";
    return address == mutex_a ? "M1" : address == mutex_b ? "M2" : "A1";
  }
  bool is_harness(std::uintptr_t address) override { return address == harness_barrier; }
};

Step step(ThreadId thread, OperationKind kind, std::uintptr_t address, std::uintptr_t pc, std::uint32_t decision = 0) {
  Step made;
  made.thread = thread;
  made.operation.kind = kind;
  made.operation.address = address;
  made.operation.pc = pc;
  made.operation.size_bytes = 4;
  made.stack = {pc};
  made.decision = decision;
  return made;
}

Outcome race_of(std::uintptr_t pc) {
  Outcome outcome;
  auto& finding = outcome.findings.emplace_back();
  finding.kind = FindingKind::data_race;
  finding.accesses = {{1, true, false, 4, total, {}, {pc}}, {2, false, false, 4, total, {}, {pc}}};
  finding.step = 100;
  return outcome;
}

TEST(Picture, LostUpdateShowsValuesAndTheOneSwitchThatMatters) {
  Trace trace{step(1, OperationKind::read, total, 11, 1), step(2, OperationKind::read, total, 11, 2),
              step(2, OperationKind::write, total, 11, 2), step(1, OperationKind::write, total, 11, 2)};
  trace[0].value_read = trace[1].value_read = 0;
  trace[2].value_written = trace[3].value_written = 1;
  trace[1].switched = trace[3].switched = true;
  const Decisions decisions{{DecisionKind::thread, 0, 2}, {DecisionKind::thread, 1, 2}};
  Outcome outcome;
  outcome.findings.emplace_back().kind = FindingKind::wrong_result;
  FakeNames names;
  const auto picture = picture_of(trace, decisions, outcome, 0, names);
  EXPECT_THAT(picture.threads, ElementsAre(1, 2));
  ASSERT_EQ(picture.steps.size(), 4u);
  EXPECT_EQ(picture.steps[0].reads, "0");
  EXPECT_EQ(picture.steps[2].writes, "1");
  EXPECT_FALSE(picture.steps[0].matters);
  EXPECT_TRUE(picture.steps[1].matters);
  EXPECT_FALSE(picture.steps[3].matters) << "thread 2 had ended: that switch was no choice";
  EXPECT_TRUE(picture.steps[3].switched);
}

TEST(Picture, HarnessStepsAreLeftOutButTheirSwitchIsNot) {
  Trace trace{step(0, OperationKind::start, 0, 1), step(1, OperationKind::barrier, harness_barrier, 11),
              step(2, OperationKind::barrier, harness_barrier, 11, 1), step(2, OperationKind::write, total, 12, 1)};
  trace[2].switched = true;
  const Decisions decisions{{DecisionKind::thread, 1, 2}};
  FakeNames names;
  auto outcome = race_of(12);
  const auto picture = picture_of(trace, decisions, outcome, 0, names);
  ASSERT_EQ(picture.steps.size(), 1u);
  EXPECT_THAT(picture.threads, ElementsAre(2)) << "thread 0 did nothing of the user's";
  EXPECT_TRUE(picture.steps[0].matters);
  EXPECT_THAT(picture.steps[0].note, HasSubstr("one side of the race"));
}

TEST(Picture, DeadlockEndsWithWhoWaitsForWhat) {
  Trace trace{step(1, OperationKind::lock, mutex_a, 11), step(2, OperationKind::lock, mutex_b, 21)};
  trace[0].holds = {mutex_a};
  trace[1].holds = {mutex_b};
  Outcome outcome;
  outcome.ending = Ending::stuck;
  outcome.findings.emplace_back().kind = FindingKind::deadlock;
  const auto blocked = [&](ThreadId id, std::uintptr_t wants, std::uintptr_t has, ThreadId owner, std::uintptr_t pc) {
    SeenThread thread;
    thread.id = id;
    thread.now = {pc};
    thread.locks = {has};
    thread.waits_in = Operation{.kind = OperationKind::lock, .address = wants};
    thread.waits_for = owner;
    outcome.threads.push_back(thread);
  };
  blocked(1, mutex_b, mutex_a, 2, 12);
  blocked(2, mutex_a, mutex_b, 1, 22);
  FakeNames names;
  const auto picture = picture_of(trace, {}, outcome, 0, names);
  ASSERT_EQ(picture.steps.size(), 4u);
  EXPECT_EQ(reports::words_of(picture.steps[2]), "waits for ever for M2 (thread 2 has it)");
  EXPECT_THAT(picture.steps[2].holds, ElementsAre("M1"));
  EXPECT_EQ(reports::words_of(picture.steps[3]), "waits for ever for M1 (thread 1 has it)");
}

TEST(Picture, OfARaceNothingIsShownBeyondIt) {
  Trace trace{step(1, OperationKind::write, total, 12), step(2, OperationKind::read, total, 12),
              step(2, OperationKind::write, total, 13)};
  auto outcome = race_of(12);
  outcome.findings.front().step = 1;
  FakeNames names;
  EXPECT_EQ(picture_of(trace, {}, outcome, 0, names).steps.size(), 2u);
}

TEST(Picture, LongTracesKeepWhatMattersAndSayWhatIsMissing) {
  Trace trace;
  for (std::uint32_t i = 0; i < 500; ++i) trace.push_back(step(1 + i / 250, OperationKind::atomic_load, total, 11));
  trace[250].switched = true;
  for (std::uint32_t i = 250; i < 500; ++i) trace[i].decision = 1;
  Outcome outcome;
  outcome.findings.emplace_back().kind = FindingKind::wrong_result;
  FakeNames names;
  const auto picture = picture_of(trace, {{DecisionKind::thread, 1, 2}}, outcome, 0, names);
  EXPECT_LT(picture.steps.size(), 60u);
  std::uint64_t all = picture.steps.size();
  for (const auto& each : picture.steps) all += each.left_out;
  EXPECT_EQ(all, 500u);
  EXPECT_EQ(std::ranges::count_if(picture.steps, &PictureStep::matters), 1);
}

TEST(Picture, ValuesAreWrittenAsPeopleWould) {
  EXPECT_EQ(value_in_words(0, 4), "0");
  EXPECT_EQ(value_in_words(0xffff'ffff, 4), "-1");
  EXPECT_EQ(value_in_words(0xffff'ffff, 8), "0xffffffff");
  EXPECT_EQ(value_in_words(~std::uint64_t{0}, 8), "-1");
  EXPECT_EQ(value_in_words(0x7fff'0000'1234, 8), "0x7fff00001234");
}

Finding shown() {
  Finding finding;
  finding.kind = FindingKind::wrong_result;
  auto& picture = finding.evidence.picture.emplace();
  picture.threads = {1, 2};
  finding.evidence.threads = {{1, "worker 0", {}}, {2, "worker 1", {}}};
  PictureStep read;
  read.thread = 1;
  read.does = "reads";
  read.object = "total";
  read.reads = "0";
  read.stack = {{"Account::move()", "bank/account.cpp", 3, 0, "a.so"}};
  PictureStep write;
  write.thread = 2;
  write.does = "writes";
  write.object = "total";
  write.writes = "1";
  write.switched = write.matters = true;
  write.holds = {"M1"};
  write.left_out = 4;
  picture.steps = {read, write};
  return finding;
}

TEST(PictureText, HasAColumnAThreadAndTheSource) {
  const auto text = render_picture(shown(), {{"bank/account.cpp", 2, {"{", "  ++total;", "}"}}}, 100);
  EXPECT_THAT(text, HasSubstr("Thread 1 (worker 0)"));
  EXPECT_THAT(text, HasSubstr("reads total: 0"));
  EXPECT_THAT(text, HasSubstr("│ ++total;"));
  EXPECT_THAT(text, HasSubstr("Account::move account.cpp:3"));
  EXPECT_THAT(text, HasSubstr("… 4 steps not shown"));
  EXPECT_THAT(text, HasSubstr("here another thread goes on"));
  EXPECT_THAT(text, HasSubstr("▶" + std::string(50, ' ') + "writes total ← 1"));
  EXPECT_THAT(text, HasSubstr("[holds M1]"));
}

TEST(PictureText, NamesTheThreadInEachStepWhereColumnsDoNotFit) {
  const auto text = render_picture(shown(), {}, 40);
  EXPECT_THAT(text, HasSubstr("T1"));
  EXPECT_THAT(text, HasSubstr("T2"));
  EXPECT_THAT(text, Not(HasSubstr("----")));
}

TEST(PictureText, WithoutAPictureThereIsNone) { EXPECT_EQ(render_picture(Finding{}, {}, 80), ""); }

}  // namespace
}  // namespace chicane::explore
