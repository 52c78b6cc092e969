#include "harness/runner/lanes/passes.h"

#include <gtest/gtest.h>

#include "tests/runner/subjects.h"

namespace chicane {
namespace {

struct Passed {
  Trial trial;
  std::vector<Finding> findings;
};

Passed pass(const std::string& id, std::uint64_t budget_ns, std::uint64_t turns = 0,
            WorkerKind kind = WorkerKind::thread, std::uint64_t wall_limit_ns = 0) {
  Passed passed;
  Ledger ledger([&](const Finding& finding, std::uint64_t) { passed.findings.push_back(finding); });
  TrialRequest request;
  request.parameters.workers = 2;
  request.parameters.worker_kind = kind;
  for (const auto& axis : subject(id).scenario.axes) request.parameters.args[axis.name] = axis.values.back();
  request.budget_ns = budget_ns;
  request.turns = turns;
  request.wall_limit_ns = wall_limit_ns;
  auto stage = Stage::build(subject(id), request, WorkerKind::thread, ledger).value();
  run_passes(stage, request, passed.trial, [] { return false; });
  return passed;
}

TEST(Passes, EveryPassHasAFreshStateInOneEnvironment) {
  const auto passed = pass("environment", 20'000'000, 8);
  EXPECT_TRUE(passed.findings.empty()) << passed.findings[0].evidence.message;
  EXPECT_GE(passed.trial.measures.at("passes"), 3);
  EXPECT_EQ(passed.trial.counters.at("states"), passed.trial.measures.at("passes"));
}

TEST(Passes, ALongTurnIsRunAtLeastOnce) {
  const auto passed = pass("slow", 1);
  EXPECT_GE(passed.trial.measures.at("passes"), 1);
  EXPECT_LE(passed.trial.measures.at("operations"), 2 * 3);
}

TEST(Passes, TheWallLimitEndsThemBeforeTheBudgetDoes) {
  EXPECT_EQ(pass("atomic", 10'000'000, 1, WorkerKind::thread, 1).trial.measures.at("passes"), 1);
  EXPECT_GT(pass("atomic", 10'000'000, 1, WorkerKind::thread, 3'600'000'000'000).trial.measures.at("passes"), 1);
}

TEST(Passes, TheFirstFailedWorkerEndsThem) {
  const auto passed = pass("idler", 1'000'000'000);
  EXPECT_EQ(passed.trial.measures.at("passes"), 1);
  ASSERT_EQ(passed.findings.size(), 1u);
  EXPECT_EQ(passed.findings[0].kind, FindingKind::early_exit);
}

TEST(Passes, WorkersThatAreProcessesAreJudgedAsThreadsAndThatIsSaid) {
  const auto passed = pass("atomic", 1'000'000, 4, WorkerKind::process);
  EXPECT_EQ(passed.trial.judged_as, "threads over one shared mapping");
  EXPECT_TRUE(passed.findings.empty());
  EXPECT_EQ(passed.trial.workers.size(), 2u);
}

}  // namespace
}  // namespace chicane
