// The asan lane of the built runner in front of the real sanitizers: each kind of fault arrives as one finding with its
// place, and what is right has none.
#include <algorithm>

#include <gmock/gmock.h>

#include "harness/judge/fingerprint.h"
#include "tests/runner/runner_process.h"

namespace chicane {
namespace {

using testing::HasSubstr;

RunnerRun judged(const std::string& scenario) {
  auto request = subject_request("asan/" + scenario, Lane::asan);
  request.plugin = test_plugin("asan_subjects");
  request.turns = 0;
  request.budget_ns = 20'000'000;
  auto run = start_trial(request);
  EXPECT_EQ(run.refusal(), "");
  EXPECT_TRUE(run.garbage.empty());
  EXPECT_EQ(run.output, "");
  return run;
}

struct MemoryFault {
  const char* scenario;
  const char* name;
  const char* function;
  const char* location;
};
class MemoryErrors : public testing::TestWithParam<MemoryFault> {};

TEST_P(MemoryErrors, AreToldWithTheirPlaceBeforeTheProcessEnds) {
  const auto run = judged(GetParam().scenario);
  const auto findings = run.findings();
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].kind, FindingKind::memory_error);
  EXPECT_EQ(findings[0].name, GetParam().name);
  ASSERT_FALSE(findings[0].evidence.stacks.empty());
  const auto frame = user_frame(findings[0].evidence.stacks[0].stack);
  ASSERT_TRUE(frame);
  EXPECT_THAT(frame->function, HasSubstr(GetParam().function));
  EXPECT_THAT(frame->file, HasSubstr("asan_subjects.cpp"));
  ASSERT_TRUE(findings[0].evidence.location);
  EXPECT_EQ(findings[0].evidence.location->type, GetParam().location);
  ASSERT_NE(run.find(RunnerEvent::Kind::ended_by_detector), nullptr);
  EXPECT_THAT(run.find(RunnerEvent::Kind::ended_by_detector)->message, HasSubstr(GetParam().name));
  EXPECT_EQ(run.find(RunnerEvent::Kind::finished), nullptr);
}
INSTANTIATE_TEST_SUITE_P(
    Asan, MemoryErrors,
    testing::Values(MemoryFault{"heap-overflow", "heap-buffer-overflow", "HeapOverflow::make", "heap"},
                    MemoryFault{"stack-overflow", "stack-buffer-overflow", "StackOverflow::make", "stack"},
                    MemoryFault{"global-overflow", "global-buffer-overflow", "GlobalOverflow::make", "global"},
                    MemoryFault{"use-after-free", "heap-use-after-free", "UseAfterFree::make", "heap"},
                    MemoryFault{"double-free", "double-free", "DoubleFree::make", "heap"}));

TEST(Asan, AUseAfterFreeNamesWhoFreedAndWhoAllocated) {
  const auto findings = judged("use-after-free").findings();
  ASSERT_EQ(findings.size(), 1u);
  const auto& stacks = findings[0].evidence.stacks;
  ASSERT_EQ(stacks.size(), 3u);
  EXPECT_THAT(stacks[1].label, HasSubstr("freed by thread"));
  EXPECT_THAT(stacks[2].label, HasSubstr("allocated by thread"));
  for (const auto& labelled : stacks) {
    const auto frame = user_frame(labelled.stack);
    ASSERT_TRUE(frame) << labelled.label;
    EXPECT_THAT(frame->function, HasSubstr("UseAfterFree::make")) << labelled.label;
  }
}

TEST(Asan, UndefinedBehaviourIsToldOnceAPlaceAndTheTrialGoesOn) {
  const auto run = judged("signed-overflow");
  const auto findings = run.findings();
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].kind, FindingKind::undefined_behaviour);
  EXPECT_EQ(findings[0].name, "signed-integer-overflow");
  const auto frame = user_frame(findings[0].evidence.stacks.at(0).stack);
  ASSERT_TRUE(frame);
  EXPECT_THAT(frame->function, HasSubstr("SignedOverflow::make"));
  EXPECT_EQ(run.exit_code, 0);
  ASSERT_NE(run.find(RunnerEvent::Kind::finished), nullptr);
  EXPECT_GT(run.find(RunnerEvent::Kind::result)->trial.measures.at("passes"), 1);
}

TEST(Asan, UndefinedBehaviourThatCanNotGoOnIsToldBeforeTheEnd) {
  const auto run = judged("unreachable");
  const auto findings = run.findings();
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].kind, FindingKind::undefined_behaviour);
  EXPECT_NE(run.find(RunnerEvent::Kind::ended_by_detector), nullptr);
}

TEST(Asan, ALeakHasTheStackOfItsAllocation) {
  const auto run = judged("leak");
  const auto findings = run.findings();
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].kind, FindingKind::leak);
  const auto frame = user_frame(findings[0].evidence.stacks.at(0).stack);
  ASSERT_TRUE(frame);
  EXPECT_THAT(frame->function, HasSubstr("Leaks::make"));
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_NE(run.find(RunnerEvent::Kind::finished), nullptr);
}

TEST(Asan, WhatIsRightHasNoFinding) {
  const auto run = judged("right");
  EXPECT_TRUE(run.findings().empty());
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_NE(run.find(RunnerEvent::Kind::finished), nullptr);
}

}  // namespace
}  // namespace chicane
