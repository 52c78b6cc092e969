// Kinds that a lane looks for and could not on this host.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/judge.h"

namespace chicane {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr auto leak = FindingKind::leak;

ExpectedFinding declared(FindingKind kind) {
  ExpectedFinding expected;
  expected.kind = kind;
  return expected;
}

// Trials of one scenario in the asan lane, of which the first `blind` could not look for leaks.
Run run_of(std::size_t trials, std::size_t blind, std::vector<ExpectedFinding> must) {
  Run run;
  run.complete = true;
  run.lanes = {Lane::asan};
  run.scenarios.resize(1);
  run.scenarios[0].id = "memory/leak";
  run.scenarios[0].expectation.must = std::move(must);
  for (std::size_t i = 0; i < trials; ++i) {
    Trial trial;
    trial.scenario = "memory/leak";
    trial.lane = Lane::asan;
    trial.turns = 1;
    trial.status = TrialStatus::completed;
    if (i < blind) trial.not_looked_for = {{leak, "tracing is refused"}};
    run.trials.push_back(std::move(trial));
  }
  return run;
}

TEST(Reductions, WhatCouldNotBeLookedForIsNotJudgedWithTheReason) {
  const auto verdict = judge(run_of(3, 3, {declared(leak)})).at(0);
  EXPECT_EQ(verdict.verdict, Verdict::not_judged);
  EXPECT_THAT(verdict.why, HasSubstr("leak was not looked for: tracing is refused"));
}

TEST(Reductions, WhatWasLookedForAndNotSeenIsMissed) {
  EXPECT_EQ(judge(run_of(3, 0, {declared(leak)})).at(0).verdict, Verdict::missed);
  EXPECT_EQ(judge(run_of(3, 2, {declared(leak)})).at(0).verdict, Verdict::missed);
}

TEST(Reductions, WhatElseMustShowIsMissedAllTheSame) {
  const auto verdict = judge(run_of(3, 3, {declared(leak), declared(FindingKind::memory_error)})).at(0);
  EXPECT_EQ(verdict.verdict, Verdict::missed);
  EXPECT_THAT(verdict.why, HasSubstr("memory_error"));
}

TEST(Reductions, APassSaysWhatItDidNotLookFor) {
  const auto verdict = judge(run_of(3, 3, {})).at(0);
  EXPECT_EQ(verdict.verdict, Verdict::pass);
  EXPECT_THAT(verdict.why, HasSubstr("leak was not looked for"));
  EXPECT_THAT(judge(run_of(3, 0, {})).at(0).why, Not(HasSubstr("not looked for")));
}

TEST(Reductions, AnUndeclaredFindingFailsAllTheSame) {
  auto run = run_of(3, 3, {declared(leak)});
  Finding error;
  error.kind = FindingKind::memory_error;
  run.findings = {error};
  run.trials[1].findings = {{"f0", 1}};
  EXPECT_EQ(judge(run).at(0).verdict, Verdict::fail);
}

TEST(Reductions, AFindingOfADeclaredKindWithoutStacksIsNotJudged) {
  auto must = declared(FindingKind::deadlock);
  must.at = "Order::move";
  auto run = run_of(1, 0, {must});
  Finding deadlock;
  deadlock.kind = FindingKind::deadlock;
  deadlock.evidence.message = "ptrace was refused";
  deadlock.evidence.stacks = {{"thread 1 waits for M1", {}}};
  run.findings = {deadlock};
  run.trials[0].findings = {{"f0", 1}};
  EXPECT_EQ(judge(run).at(0).verdict, Verdict::not_judged);
  EXPECT_THAT(judge(run).at(0).why, HasSubstr("ptrace was refused"));
  // Seen elsewhere than declared, or of a kind that is not declared, it fails.
  run.findings[0].evidence.stacks[0].stack = {{"Other::wait()", "scenarios/x.cpp", 3, 1, "x.so"}};
  EXPECT_EQ(judge(run).at(0).verdict, Verdict::fail);
  run.findings[0] = deadlock;
  run.scenarios[0].expectation.must[0].kind = FindingKind::leak;
  EXPECT_EQ(judge(run).at(0).verdict, Verdict::fail);
}

TEST(Reductions, OneNoteSaysItForTheWholeRun) {
  const auto notes = reductions(run_of(3, 2, {}));
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0],
            "reduced: the asan lane did not look for leak in 2 of its 3 completed trials: tracing is refused");
  EXPECT_TRUE(reductions(run_of(3, 0, {})).empty());
}

TEST(Reductions, HardwareCountersThatAreNotThereAreOneNote) {
  chicane::Run run;
  run.trials.resize(5);
  for (auto& trial : run.trials) trial.status = TrialStatus::completed;
  for (std::size_t i = 0; i < 3; ++i) run.trials[i].calibration = true;
  EXPECT_TRUE(reductions(run).empty());
  for (std::size_t i = 0; i < 2; ++i) run.trials[i].not_counted = "not available: perf_event_paranoid is 3";
  ASSERT_EQ(reductions(run).size(), 1u);
  EXPECT_EQ(reductions(run)[0], "hardware counters, in 2 of 3 calibrations: not available: perf_event_paranoid is 3");
}

}  // namespace
}  // namespace chicane
