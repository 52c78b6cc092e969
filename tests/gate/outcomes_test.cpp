#include "harness/gate/outcomes.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/statistics/shares.h"
#include "harness/supervisor/detection_queue.h"

namespace chicane {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Sees "0,0" always, and "1,1" in the processes of one build.
class LitmusRunner final : public TrialRunner {
 public:
  TrialOutcome run(const TrialRequest& request, const std::string& runner, const std::atomic<bool>&) override {
    runs.push_back({runner, request.placement, request.seed});
    TrialOutcome outcome;
    outcome.trial.status = runner == "crashing" ? TrialStatus::crashed : TrialStatus::completed;
    outcome.trial.outcomes = {{"0,0", Grade::acceptable, 7}, {"1,1", grade, runner == "weaker" ? 3u : 0u}};
    return outcome;
  }
  struct OneRun {
    std::string runner;
    Placement placement;
    std::uint64_t seed;
  };
  std::vector<OneRun> runs;
  Grade grade = Grade::acceptable;
};

Campaign litmus(const std::string& runner, const std::string& id = "litmus/x") {
  Campaign campaign;
  Scenario scenario;
  scenario.id = id;
  scenario.outcomes = {{"0,0", Grade::acceptable, ""}};
  campaign.scenarios = {scenario};
  Plan plan;
  plan.request.scenario = id;
  plan.request.lane = Lane::stress;
  plan.request.parameters.workers = 2;
  plan.runner = runner;
  plan.repetitions = 24;
  campaign.plans = {plan};
  return campaign;
}

GateResult played(const std::string& baseline, const std::string& candidate, LitmusRunner& runner) {
  const std::atomic<bool> stop = false;
  GateResult result;
  judge_outcomes(play_litmus(litmus(baseline), litmus(candidate), 5, runner, stop).outcomes(), result);
  return result;
}

TEST(LitmusOutcomes, ANewOneIsAFinding) {
  LitmusRunner runner;
  const auto result = played("as before", "weaker", runner);
  ASSERT_THAT(result.findings, SizeIs(1));
  EXPECT_EQ(result.findings[0].fingerprint, "new:1,1");
  EXPECT_THAT(result.findings[0].says, HasSubstr("24 of 24 processes saw it, and 0 of 24"));
  ASSERT_THAT(result.outcomes, SizeIs(2));
  EXPECT_EQ(result.outcomes[0].p, 1);
}

TEST(LitmusOutcomes, OneThatIsGoneIsANoteAndEqualOnesAreSilent) {
  LitmusRunner runner;
  const auto result = played("weaker", "as before", runner);
  EXPECT_THAT(result.findings, IsEmpty());
  EXPECT_THAT(result.notes, ElementsAre(HasSubstr("none of the candidate's 24")));
  const auto same = played("weaker", "weaker", runner);
  EXPECT_THAT(same.findings, IsEmpty());
  EXPECT_THAT(same.notes, IsEmpty());
}

TEST(LitmusOutcomes, OneSeenTooRarelyIsANote) {
  GateResult result;
  GateOutcome rare{"litmus/x", {}, "1,1", Grade::acceptable, 0, 24, 3, 24};
  rare.p = fisher_greater(3, 24, 0, 24);
  judge_outcomes({rare}, result);
  EXPECT_THAT(result.findings, IsEmpty());
  EXPECT_THAT(result.notes, ElementsAre(HasSubstr("too few to tell")));
}

TEST(LitmusOutcomes, WhatIsForbiddenFailsThroughItsVerdictAlone) {
  LitmusRunner runner;
  runner.grade = Grade::forbidden;
  EXPECT_THAT(played("as before", "weaker", runner).findings, IsEmpty());
}

TEST(LitmusOutcomes, BothSidesTakeTurnsInAllPlacementsWithTheSameSeeds) {
  LitmusRunner runner;
  played("one", "other", runner);
  ASSERT_THAT(runner.runs, SizeIs(48));
  std::size_t first = 0;
  for (std::size_t i = 0; i < runner.runs.size(); i += 2) {
    const auto &one = runner.runs[i], &other = runner.runs[i + 1];
    EXPECT_NE(one.runner, other.runner);
    EXPECT_EQ(one.seed, other.seed);
    EXPECT_EQ(one.placement, other.placement);
    EXPECT_EQ(one.placement, placement_of(static_cast<std::uint32_t>(i / 2)));
    first += one.runner == "one";
  }
  EXPECT_GT(first, 3u);
  EXPECT_LT(first, 21u);
}

TEST(LitmusOutcomes, TrialsThatDidNotEndSayNothing) {
  LitmusRunner runner;
  EXPECT_THAT(played("crashing", "weaker", runner).outcomes, IsEmpty());
}

TEST(LitmusOutcomes, WhereASideNeverEndedNothingIsDecided) {
  LitmusRunner runner;
  const auto broken = uncompared({"litmus/x"}, played("crashing", "weaker", runner).outcomes);
  ASSERT_THAT(broken, SizeIs(1));
  EXPECT_EQ(broken[0].verdict, GateVerdict::inconclusive);
  EXPECT_THAT(uncompared({"litmus/x"}, played("weaker", "weaker", runner).outcomes), IsEmpty());
}

TEST(LitmusOutcomes, OnlyScenariosOfBothSidesAreCompared) {
  EXPECT_THAT(litmus_of_both(litmus("a"), litmus("b")), ElementsAre("litmus/x"));
  EXPECT_THAT(litmus_of_both(litmus("a"), litmus("b", "litmus/y")), IsEmpty());
}

// Equal builds whose outcomes are seen in shares of processes of any size, rare ones too.
TEST(LitmusOutcomes, EqualBuildsFailAtMostAsOftenAsTheirLevelSays) {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> any_share(0, 1);
  constexpr int gates = 4000, outcomes_a_gate = 30;
  int failed = 0;
  for (int gate = 0; gate < gates; ++gate) {
    std::vector<GateOutcome> outcomes;
    for (int i = 0; i < outcomes_a_gate; ++i) {
      const double share = any_share(random) * any_share(random);
      std::binomial_distribution<std::uint64_t> seen(24, share);
      GateOutcome one{"litmus/x", {}, std::to_string(i), Grade::acceptable, seen(random), 24, seen(random), 24};
      one.p = fisher_greater(one.candidate_seen, 24, one.baseline_seen, 24);
      outcomes.push_back(one);
    }
    GateResult result;
    result.asked.alpha = 0.01;
    judge_outcomes(std::move(outcomes), result);
    failed += !result.findings.empty();
  }
  EXPECT_LE(failed, 10) << "of " << gates << ", 4 are expected at most";
}

}  // namespace
}  // namespace chicane
