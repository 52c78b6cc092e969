#include "harness/gate/stored.h"

#include <cmath>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/gate/decide.h"

namespace chicane {
namespace {

using testing::HasSubstr;

Run run_of(double ns, double noise, std::uint64_t seed, int rounds = 20, const std::string& scenario = "a/b") {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Run run;
  run.hosts.resize(1);
  run.hosts[0].fingerprint = "0123456789abcdef";
  run.hosts[0].cores = 2;
  run.scenarios.resize(1);
  run.scenarios[0].id = scenario;
  for (int i = 0; i < rounds; ++i) {
    Trial trial;
    trial.scenario = scenario;
    trial.status = TrialStatus::completed;
    trial.measures["wall_ns_per_operation"] = ns * std::exp(noise * normal(random));
    trial.measures["peak_resident_bytes"] = 1e6;
    run.trials.push_back(trial);
  }
  return run;
}

GateAsked asked() {
  GateAsked wide;
  wide.margin = stored_margin;
  wide.detect = stored_detect;
  return wide;
}

TEST(StoredRuns, TheSameTimesPassAndSlowerOnesFail) {
  EXPECT_EQ(compare_runs(run_of(100, 0.03, 1), run_of(100, 0.03, 2), asked(), {}, "2026-01-01").verdict,
            GateVerdict::pass);
  const auto slower = compare_runs(run_of(100, 0.03, 1), run_of(125, 0.03, 2), asked(), {}, "2026-01-01");
  EXPECT_EQ(slower.verdict, GateVerdict::regression);
  EXPECT_NEAR(*slower.entries[0].measures[0].ratio, 1.25, 0.04);
  EXPECT_EQ(compare_runs(run_of(100, 0.03, 1), run_of(105, 0.03, 2), asked(), {}, "2026-01-01").verdict,
            GateVerdict::pass);
  EXPECT_EQ(compare_runs(run_of(100, 0.03, 1), run_of(60, 0.03, 2), asked(), {}, "2026-01-01").entries[0].verdict,
            GateVerdict::improved);
}

TEST(StoredRuns, TooNoisyOrTooFewRoundsAreInconclusive) {
  EXPECT_EQ(compare_runs(run_of(100, 0.5, 1), run_of(100, 0.5, 2), asked(), {}, "2026-01-01").verdict,
            GateVerdict::inconclusive);
  EXPECT_EQ(compare_runs(run_of(100, 0.01, 1, 3), run_of(200, 0.01, 2, 3), asked(), {}, "2026-01-01").verdict,
            GateVerdict::inconclusive);
}

TEST(StoredRuns, AnotherHostMakesItInvalidAndSaysWhatDiffers) {
  auto other = run_of(100, 0.01, 2);
  other.hosts[0].fingerprint = "another";
  other.hosts[0].cores = 64;
  const auto result = compare_runs(run_of(100, 0.01, 1), other, asked(), {}, "2026-01-01");
  EXPECT_EQ(result.verdict, GateVerdict::invalid);
  EXPECT_EQ(exit_status(result), 3);
  EXPECT_THAT(result.why, HasSubstr("cores: 2 and 64"));
}

TEST(StoredRuns, RoundsOfAnotherHostAmongItsOwnMakeItInvalid) {
  auto merged = run_of(100, 0.01, 2);
  merged.hosts.push_back(merged.hosts[0]);
  merged.hosts[1].fingerprint = "another";
  EXPECT_EQ(compare_runs(run_of(100, 0.01, 1), merged, asked(), {}, "2026-01-01").verdict, GateVerdict::invalid);
}

TEST(StoredRuns, APolicyMayIgnoreTimeAndNeverNarrowsTheMargin) {
  Policy policy;
  ScenarioRule rule;
  rule.glob = "a/*";
  rule.ignore = {"wall_ns_per_operation"};
  policy.rules = {rule};
  EXPECT_EQ(compare_runs(run_of(100, 0.01, 1), run_of(200, 0.01, 2), asked(), policy, "2026-01-01").verdict,
            GateVerdict::pass);
  policy.rules[0].ignore.clear();
  policy.rules[0].margin = 0.02;
  EXPECT_EQ(compare_runs(run_of(100, 0.01, 1), run_of(106, 0.01, 2), asked(), policy, "2026-01-01").verdict,
            GateVerdict::pass);
}

TEST(StoredRuns, AMissingScenarioIsSaid) {
  const auto result = compare_runs(run_of(100, 0.01, 1), run_of(100, 0.01, 1, 20, "a/c"), asked(), {}, "2026-01-01");
  EXPECT_EQ(result.verdict, GateVerdict::missing);
  EXPECT_EQ(exit_status(result), 2);
}

TEST(StoredRuns, AFasterButRacyCandidateIsWrong) {
  auto racy = run_of(50, 0.01, 2);
  racy.findings.resize(1);
  racy.findings[0].kind = FindingKind::data_race;
  racy.findings[0].fingerprint = "r";
  racy.verdicts.resize(1);
  racy.verdicts[0].scenario = "a/b";
  racy.verdicts[0].lane = Lane::tsan;
  racy.verdicts[0].verdict = Verdict::fail;
  racy.verdicts[0].undeclared = {"f0"};
  const auto result = compare_runs(run_of(100, 0.01, 1), racy, asked(), {}, "2026-01-01");
  EXPECT_EQ(exit_status(result), 4);
}

TEST(StoredRuns, MeasuresOfThePolicyAreCompared) {
  auto fat = run_of(100, 0.01, 2);
  for (auto& trial : fat.trials) trial.measures["peak_resident_bytes"] = 2e6;
  EXPECT_EQ(compare_runs(run_of(100, 0.01, 1), fat, asked(), {}, "2026-01-01").verdict, GateVerdict::pass);
  Policy policy;
  policy.measures["peak_resident_bytes"] = 0.1;
  const auto result = compare_runs(run_of(100, 0.01, 1), fat, asked(), policy, "2026-01-01");
  EXPECT_EQ(result.verdict, GateVerdict::regression);
  EXPECT_THAT(result.why, HasSubstr("peak_resident_bytes"));
}

}  // namespace
}  // namespace chicane
