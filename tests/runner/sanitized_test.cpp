// The tsan lane of the built runner: what it collects arrives as events, and a right scenario has none.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/runner/runner_process.h"

namespace chicane {
namespace {

RunnerRun judged(const std::string& scenario, WorkerKind kind = WorkerKind::thread) {
  auto request = subject_request(scenario, Lane::tsan);
  request.parameters.worker_kind = kind;
  request.turns = 0;
  request.budget_ns = 20'000'000;
  auto run = start_trial(request);
  EXPECT_EQ(run.exit_code, 0) << run.refusal() << run.output;
  EXPECT_TRUE(run.garbage.empty());
  EXPECT_NE(run.find(RunnerEvent::Kind::finished), nullptr);
  return run;
}

bool found(const RunnerRun& run, FindingKind kind) {
  return std::ranges::any_of(run.findings(), [&](const Finding& finding) { return finding.kind == kind; });
}

TEST(Sanitized, ARaceOnTheStateNamesTheMember) {
  const auto run = judged("subject/racy");
  ASSERT_TRUE(found(run, FindingKind::data_race));
  for (const auto& finding : run.findings()) {
    ASSERT_EQ(finding.evidence.accesses.size(), 2u);
    ASSERT_TRUE(finding.evidence.location);
    EXPECT_EQ(finding.evidence.location->type, "state");
    EXPECT_EQ(finding.evidence.location->name, "total");
  }
}

TEST(Sanitized, SymbolizingARaceDoesNotEatTheBudget) {
  EXPECT_GT(judged("subject/racy").find(RunnerEvent::Kind::result)->trial.measures.at("passes"), 2);
}

TEST(Sanitized, WorkerProcessesAreJudgedAsThreads) {
  const auto run = judged("subject/racy", WorkerKind::process);
  EXPECT_TRUE(found(run, FindingKind::data_race));
  EXPECT_EQ(run.find(RunnerEvent::Kind::result)->trial.judged_as, "threads over one shared mapping");
  EXPECT_EQ(run.output, "");
}

TEST(Sanitized, ARightScenarioHasNoFinding) {
  for (const auto kind : {WorkerKind::thread, WorkerKind::process}) {
    const auto run = judged("subject/atomic", kind);
    EXPECT_TRUE(run.findings().empty()) << run.findings()[0].evidence.message;
  }
}

TEST(Sanitized, WhatIsFoundAtExitStillArrives) {
  EXPECT_TRUE(found(judged("subject/leaks-a-thread"), FindingKind::thread_leak));
}

}  // namespace
}  // namespace chicane
