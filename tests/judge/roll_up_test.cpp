// Verdicts over several parameters, without trials, and the exit status.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/judge.h"
#include "tests/judge/run_builder.h"

namespace chicane {
namespace {

using test::expected;
using test::finding;
using test::race;
using test::RunBuilder;
using ::testing::HasSubstr;

constexpr auto data_race = FindingKind::data_race;
constexpr auto wrong_result = FindingKind::wrong_result;

const char* const work = "UnlockedCounter::work(chicane::v1::Worker&)";
const ExpectedFinding declared_race = expected(data_race, "UnlockedCounter::work", 2);

// ---- rolling up

TEST(Judge, TheWorstParametersDecideAndAreNamed) {
  const auto verdict =
      RunBuilder(Lane::tsan).trials(8, 1).trials(8, 2).trials(8, 5, {race(work)}).trials(8, 4).verdict();
  EXPECT_EQ(verdict.verdict, Verdict::fail);
  EXPECT_THAT(verdict.why, HasSubstr("with 5 threads: not declared: data_race"));
  ASSERT_EQ(verdict.detail.size(), 4U);
  EXPECT_EQ(verdict.detail[0].verdict, Verdict::pass);
  EXPECT_EQ(verdict.detail[3].verdict, Verdict::fail);
  EXPECT_EQ(verdict.detail[3].trials, 8U);
}

TEST(Judge, OrderOfVerdictsIsFailMissedErrorPassNotJudged) {
  RunBuilder builder(Lane::bench);
  builder.must(expected(wrong_result)).trials(1, 2);
  EXPECT_EQ(builder.verdict().verdict, Verdict::not_judged);
  builder.trials(1, 3, {finding(wrong_result)});
  EXPECT_EQ(builder.verdict().verdict, Verdict::pass);
  builder.trials(1, 4, {}, TrialStatus::not_run, "no memory");
  EXPECT_EQ(builder.verdict().verdict, Verdict::error);
  EXPECT_EQ(builder.verdict().why, "with 4 threads: 1 of 1 trials could not be run: no memory");
  builder.must(expected(FindingKind::crash, "", 5)).trials(1, 5);
  EXPECT_EQ(builder.verdict().verdict, Verdict::missed);
  builder.trials(1, 6, {race(work)});
  EXPECT_EQ(builder.verdict().verdict, Verdict::fail);
}

TEST(Judge, APassOfAllParametersAddsThemUp) {
  const auto verdict = RunBuilder(Lane::tsan)
                           .must(declared_race)
                           .trials(8, 1)
                           .trials(8, 2, {race(work)})
                           .trials(7, 4, {race(work)})
                           .trials(1, 4)
                           .verdict();
  EXPECT_EQ(verdict.verdict, Verdict::pass);
  EXPECT_EQ(verdict.why, "as declared: data_race at UnlockedCounter::work in 15 of 16 processes");
  EXPECT_EQ(verdict.confidence.says, "data_race seen in 15 of 16 processes");
  EXPECT_EQ(verdict.confidence.processes, 24U);
}

TEST(Judge, OneWorkerDoesNotSpeakForALaneThatCantTell) {
  const auto verdict = RunBuilder(Lane::bench).must(declared_race).trials(8, 1).trials(8, 2).verdict();
  EXPECT_EQ(verdict.verdict, Verdict::not_judged);
  EXPECT_THAT(verdict.why, HasSubstr("with 2 threads: bench is not made to find"));
}

TEST(Judge, OneWorkerDoesNotSpeakForTwoThatAlwaysHang) {
  RunBuilder builder(Lane::tsan);
  builder.may(expected(FindingKind::hang), "it can lose a wake-up")
      .trials(8, 1)
      .trials(2, 2, {finding(FindingKind::hang)}, TrialStatus::timed_out);
  EXPECT_EQ(builder.verdict().verdict, Verdict::not_judged);
  EXPECT_THAT(builder.verdict().why, HasSubstr("with 2 threads: every one of 2 trials hung, which it may"));
  EXPECT_EQ(builder.verdict().detail.at(0).verdict, Verdict::pass);
}

TEST(Judge, WhatMustShowAndDidSpeaksForParametersThatAlwaysHang) {
  RunBuilder builder(Lane::bench);
  builder.must(expected(wrong_result, "", 2))
      .may(expected(FindingKind::hang), "it can lose a wake-up")
      .trials(2, 1, {finding(FindingKind::hang)}, TrialStatus::timed_out)
      .trials(8, 2, {finding(wrong_result)});
  EXPECT_EQ(builder.verdict().verdict, Verdict::pass);
}

// ---- the bound

TEST(Bound, IsOfTheParametersThatRanLeast) {
  EXPECT_EQ(RunBuilder(Lane::tsan).trials(40, 1).trials(16, 2).trials(8, 4).verdict().confidence.says,
            "0 of 8 completed processes or more with each of 2 sets of parameters of 2 workers or more: "
            "rate below 0.32 per process at 95 %");
  EXPECT_EQ(RunBuilder(Lane::tsan).trials(8, 2).trials(8, 4).verdict().confidence.says,
            "0 of 8 completed processes with each of 2 sets of parameters of 2 workers or more: "
            "rate below 0.32 per process at 95 %");
}

TEST(Bound, IsNotOfParametersThatCantRace) {
  EXPECT_EQ(RunBuilder(Lane::tsan).trials(100, 1).trials(8, 2).verdict().confidence.says,
            "0 of 8 completed processes with 2 threads: rate below 0.32 per process at 95 %");
  EXPECT_EQ(RunBuilder(Lane::tsan).trials(100, 1).verdict().confidence.says, "no bound: one worker can't race");
}

TEST(Bound, IsOfOneWorkerWhereItDrivesThreadsOfItsOwn) {
  RunBuilder builder(Lane::tsan);
  builder.run().scenarios[0].exactly_workers = 1;
  builder.trials(8, 1);
  EXPECT_EQ(builder.verdict().confidence.says,
            "0 of 8 completed processes with 1 thread: rate below 0.32 per process at 95 %");
  builder.trials(8, 1);
  for (std::size_t i = 0; i < 16; ++i) builder.run().trials[i].parameters.args = {{"threads", i < 8 ? 2 : 4}};
  EXPECT_EQ(builder.verdict().confidence.says,
            "0 of 8 completed processes with each of 2 sets of parameters: rate below 0.32 per process at 95 %");
}

TEST(Bound, TrialsThatWereCutShortDontCount) {
  RunBuilder builder(Lane::tsan);
  builder.may(expected(FindingKind::hang), "it can lose a wake-up")
      .trials(8, 2)
      .trials(92, 2, {finding(FindingKind::hang)}, TrialStatus::timed_out);
  EXPECT_EQ(builder.verdict().verdict, Verdict::pass);
  EXPECT_EQ(builder.verdict().confidence.says,
            "undeclared: 0 of 8 completed processes with 2 threads: rate below 0.32 per process at 95 %");
}

TEST(Judge, ParametersAreWorkersKindsAndAxes) {
  RunBuilder builder(Lane::tsan);
  builder.trials(4, 2).trials(4, 2, {race(work)});
  for (std::size_t i = 4; i < 8; ++i) {
    builder.run().trials[i].parameters.worker_kind = WorkerKind::process;
    builder.run().trials[i].parameters.args = {{"tasks", 4}};
  }
  const auto verdict = builder.verdict();
  ASSERT_EQ(verdict.detail.size(), 2U);
  EXPECT_EQ(verdict.detail[0].verdict, Verdict::pass);
  EXPECT_THAT(verdict.why, HasSubstr("with 2 processes, tasks 4: "));
}

TEST(Judge, SaysWhatWorkersWereJudgedAs) {
  RunBuilder builder(Lane::tsan);
  builder.must(declared_race).trials(8, 2, {race(work)});
  for (Trial& trial : builder.run().trials) trial.judged_as = "threads over one shared mapping";
  const std::string end = "in 8 of 8 processes (judged as threads over one shared mapping)";
  EXPECT_THAT(builder.verdict().why, HasSubstr(end));
  EXPECT_THAT(builder.verdict().detail.at(0).why, HasSubstr(end));
}

// ---- without trials

TEST(Judge, GapsHaveTheirReason) {
  RunBuilder builder(Lane::tsan);
  builder.run().gaps = {{"counter/unlocked", Lane::tsan, false, "no instrumented oneTBB"}};
  EXPECT_EQ(builder.verdict().verdict, Verdict::not_judged);
  EXPECT_EQ(builder.verdict().why, "no instrumented oneTBB");
  builder.run().gaps[0].error = true;
  EXPECT_EQ(builder.verdict().verdict, Verdict::error);
}

TEST(Judge, NothingThatWasAskedForDropsOutSilently) {
  RunBuilder builder(Lane::tsan);
  EXPECT_EQ(builder.verdict().verdict, Verdict::error);
  builder.run().complete = false;
  EXPECT_EQ(builder.verdict().verdict, Verdict::not_judged);
}

TEST(Judge, OneVerdictForEachScenarioAndLaneInOrder) {
  RunBuilder builder(Lane::tsan);
  builder.trials(8, 2, {race(work)});
  builder.run().lanes = {Lane::bench, Lane::tsan};
  Scenario other;
  other.id = "counter/locked";
  builder.run().scenarios.push_back(other);
  const auto verdicts = judge(builder.run());
  ASSERT_EQ(verdicts.size(), 4U);
  EXPECT_EQ(verdicts[0].lane, Lane::bench);
  EXPECT_EQ(verdicts[1].verdict, Verdict::fail);
  EXPECT_EQ(verdicts[2].scenario, "counter/locked");
  EXPECT_EQ(verdicts[3].verdict, Verdict::error);
}

TEST(Judge, ALaneThatTheScenarioRulesOutIsNotJudgedUnlessSomethingWasFound) {
  RunBuilder builder(Lane::tsan);
  builder.run().scenarios[0].expectation.not_judged = {{Lane::tsan, "TSan does not model fences"}};
  EXPECT_EQ(builder.verdict().verdict, Verdict::not_judged);
  builder.trials(8, 2);
  EXPECT_EQ(builder.verdict().verdict, Verdict::not_judged);
  EXPECT_EQ(builder.verdict().why, "TSan does not model fences");
  builder.trials(1, 2, {race(work)});
  EXPECT_EQ(builder.verdict().verdict, Verdict::fail);
}

// ---- exit status

Run with(const std::vector<std::pair<Lane, Verdict>>& verdicts) {
  Run run;
  run.complete = true;
  for (const auto& [lane, verdict] : verdicts) {
    run.verdicts.emplace_back();
    run.verdicts.back().lane = lane;
    run.verdicts.back().verdict = verdict;
  }
  return run;
}

TEST(ExitStatus, WorstVerdictDecides) {
  EXPECT_EQ(exit_status(with({{Lane::bench, Verdict::pass}, {Lane::tsan, Verdict::not_judged}}), {}), 0);
  EXPECT_EQ(exit_status(with({{Lane::bench, Verdict::error}, {Lane::tsan, Verdict::pass}}), {}), 2);
  EXPECT_EQ(exit_status(with({{Lane::bench, Verdict::error}, {Lane::tsan, Verdict::fail}}), {}), 4);
  EXPECT_EQ(exit_status(with({{Lane::bench, Verdict::missed}, {Lane::tsan, Verdict::error}}), {}), 4);
}

TEST(ExitStatus, ARequiredLaneMustJudge) {
  const auto run = with({{Lane::bench, Verdict::not_judged}, {Lane::tsan, Verdict::pass}});
  EXPECT_EQ(exit_status(run, {Lane::tsan}), 0);
  EXPECT_EQ(exit_status(run, {Lane::tsan, Lane::bench}), 3);
  EXPECT_EQ(exit_status(run, {Lane::asan}), 3);
  EXPECT_EQ(exit_status(with({{Lane::bench, Verdict::not_judged}, {Lane::tsan, Verdict::error}}), {Lane::bench}), 2);
}

TEST(ExitStatus, AnIncompleteRunIsInconclusive) {
  auto run = with({{Lane::bench, Verdict::pass}});
  run.complete = false;
  EXPECT_EQ(exit_status(run, {}), 3);
  run.verdicts[0].verdict = Verdict::fail;
  EXPECT_EQ(exit_status(run, {}), 4);
}

}  // namespace
}  // namespace chicane
