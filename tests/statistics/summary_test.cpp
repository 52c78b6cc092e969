#include "harness/statistics/summary.h"

#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chicane {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Trial round_of(const std::string& scenario, std::uint32_t workers, double nanoseconds) {
  Trial trial;
  trial.scenario = scenario;
  trial.parameters.workers = workers;
  trial.status = TrialStatus::completed;
  trial.measures = {{"wall_ns_per_operation", nanoseconds}};
  return trial;
}

// Two right scenarios, two worker counts, eight rounds each, interleaved as a run does.
Run two_scenarios() {
  Run run;
  for (const char* id : {"counter/atomic", "counter/locked"}) {
    run.scenarios.emplace_back();
    run.scenarios.back().id = id;
  }
  for (std::uint32_t round = 0; round < 8; ++round)
    for (const char* id : {"counter/locked", "counter/atomic"})
      for (const std::uint32_t workers : {2U, 1U})
        run.trials.push_back(
            round_of(id, workers, 10.0 * workers + round + (id == std::string("counter/locked") ? 100 : 0)));
  return run;
}

const Summary& summary_of(const std::vector<Summary>& all, const std::string& id, std::uint32_t workers) {
  for (const Summary& each : all)
    if (each.scenario == id && each.parameters.workers == workers) return each;
  static const Summary none;
  ADD_FAILURE() << "no summary of " << id << " with " << workers;
  return none;
}

Run with_finding(Run run, FindingKind kind, Lane lane, std::uint32_t workers) {
  Finding finding;
  finding.kind = kind;
  run.findings.push_back(finding);
  Trial trial = round_of("counter/atomic", workers, 0);
  trial.lane = lane;
  trial.findings = {{"f" + std::to_string(run.findings.size() - 1), 1}};
  run.trials.push_back(trial);
  return run;
}

TEST(Summary, IsOneForEachScenarioAndParametersInOrderOfAppearance) {
  const auto all = summarize(two_scenarios());
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].scenario, "counter/locked");
  EXPECT_EQ(all[0].parameters.workers, 2U);
  EXPECT_EQ(all[1].parameters.workers, 1U);
  EXPECT_EQ(all[2].scenario, "counter/atomic");
  for (const Summary& each : all) {
    EXPECT_EQ(each.lane, Lane::bench);
    EXPECT_TRUE(each.right);
    EXPECT_THAT(each.why_not_ranked, IsEmpty());
  }
}

TEST(Summary, HasTheMedianOfItsOwnRounds) {
  const auto all = summarize(two_scenarios());
  const Estimate estimate = summary_of(all, "counter/locked", 2).measures.at("wall_ns_per_operation");
  EXPECT_EQ(estimate.median, 123.5);
  EXPECT_EQ(estimate.low, 120);
  EXPECT_EQ(estimate.high, 127);
  EXPECT_EQ(estimate.rounds, 8U);
}

TEST(Summary, LeavesOutCalibrationOtherLanesAndTrialsThatWereNotCompleted) {
  chicane::Run run = two_scenarios();
  Trial calibration = round_of("counter/atomic", 2, 1e9), crashed = calibration, tsan = calibration;
  calibration.calibration = true;
  crashed.status = TrialStatus::crashed;
  tsan.lane = Lane::tsan;
  run.trials.insert(run.trials.end(), {calibration, crashed, tsan});
  EXPECT_EQ(summarize(run), summarize(two_scenarios()));
}

TEST(Summary, HasWhatHardwareCountersToldFromTheCalibration) {
  chicane::Run run = two_scenarios();
  for (const char* id : {"counter/atomic", "counter/without-rounds"}) {
    Trial calibration = round_of(id, 2, 1e9);
    calibration.calibration = true;
    calibration.measures["instructions_per_operation"] = 17;
    calibration.measures["region_ns"] = 5;
    run.trials.insert(run.trials.begin(), calibration);
  }
  const auto all = summarize(run);
  EXPECT_EQ(all.size(), 4U);
  const auto& measures = summary_of(all, "counter/atomic", 2).measures;
  const Estimate counted = measures.at("instructions_per_operation");
  EXPECT_EQ(counted.median, 17);
  EXPECT_EQ(counted.rounds, 1U);
  EXPECT_FALSE(counted.low.has_value());
  EXPECT_EQ(measures.at("wall_ns_per_operation").rounds, 8U);
  EXPECT_FALSE(measures.contains("region_ns"));
  EXPECT_FALSE(summary_of(all, "counter/atomic", 1).measures.contains("instructions_per_operation"));
}

TEST(Summary, CountsForEachNameTheRoundsThatHaveIt) {
  chicane::Run run;
  for (int round = 0; round < 8; ++round) {
    run.trials.push_back(round_of("waiting/pool", 1, 5));
    if (round < 5) run.trials.back().counters["overlap"] = 2;
    if (round == 7) run.trials.back().measures["wall_ns_per_operation"] = std::numeric_limits<double>::quiet_NaN();
  }
  const auto all = summarize(run);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].counters.at("overlap").rounds, 5U);
  EXPECT_EQ(all[0].counters.at("overlap").median, 2);
  EXPECT_FALSE(all[0].counters.at("overlap").low.has_value());
  EXPECT_EQ(all[0].measures.at("wall_ns_per_operation").rounds, 7U);
}

TEST(Summary, KeepsAxesAndKindsOfWorkerApartAndSaysOversubscribed) {
  chicane::Run run;
  Trial trial = round_of("waiting/pool", 1, 5);
  run.trials.push_back(trial);
  trial.parameters.args = {{"milliseconds", 200}};
  run.trials.push_back(trial);
  trial.parameters.worker_kind = WorkerKind::process;
  trial.oversubscribed = true;
  run.trials.push_back(trial);
  const auto all = summarize(run);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_FALSE(all[0].oversubscribed);
  EXPECT_TRUE(all[2].oversubscribed);
}

TEST(Summary, AWrongTwinIsNeverRankedWhateverItShowed) {
  chicane::Run run = two_scenarios();
  run.scenarios[0].expectation.must.push_back({});
  const auto all = summarize(run);
  for (const std::uint32_t workers : {1U, 2U}) {
    EXPECT_FALSE(summary_of(all, "counter/atomic", workers).right);
    EXPECT_EQ(summary_of(all, "counter/atomic", workers).why_not_ranked, "it is declared to show data_race");
    EXPECT_TRUE(summary_of(all, "counter/locked", workers).right);
  }
}

TEST(Summary, AFindingInAnyLaneTakesTheRankEverywhere) {
  for (const Lane lane : {Lane::bench, Lane::tsan}) {
    const auto all = summarize(with_finding(two_scenarios(), FindingKind::data_race, lane, 2));
    EXPECT_THAT(summary_of(all, "counter/atomic", 2).why_not_ranked, HasSubstr("data_race was found ("));
    EXPECT_THAT(summary_of(all, "counter/atomic", 1).why_not_ranked, HasSubstr("with other parameters"));
    EXPECT_FALSE(summary_of(all, "counter/atomic", 1).right);
    EXPECT_TRUE(summary_of(all, "counter/locked", 2).right);
  }
}

TEST(Summary, AFindingThatItMayShowTakesTheRankWhereItShowedOnly) {
  chicane::Run run = with_finding(two_scenarios(), FindingKind::hang, Lane::tsan, 2);
  run.scenarios[0].expectation.may.push_back({});
  run.scenarios[0].expectation.may[0].kind = FindingKind::hang;
  const auto all = summarize(run);
  EXPECT_FALSE(summary_of(all, "counter/atomic", 2).right);
  EXPECT_TRUE(summary_of(all, "counter/atomic", 1).right);
}

TEST(Summary, AFindingOfCalibrationTakesTheRankToo) {
  chicane::Run run = with_finding(two_scenarios(), FindingKind::wrong_result, Lane::bench, 2);
  run.trials.back().calibration = true;
  EXPECT_FALSE(summary_of(summarize(run), "counter/atomic", 2).right);
}

TEST(Summary, AReferenceToNoFindingIsAFindingStill) {
  chicane::Run run = two_scenarios();
  for (const char* ref : {"f7", "", "x"}) {
    run.trials[1].findings = {{ref, 1}};
    EXPECT_FALSE(summary_of(summarize(run), run.trials[1].scenario, 1).right) << ref;
  }
}

// Two runs as one: the second host is four times as fast.
Run of_two_hosts(const std::string& fingerprint_of_the_second) {
  auto run = two_scenarios();
  run.merged_from.resize(2);
  run.hosts.resize(2);
  run.hosts[0].id = "h0", run.hosts[0].fingerprint = "aa";
  run.hosts[1].id = "h1", run.hosts[1].fingerprint = fingerprint_of_the_second;
  auto second = run.trials;
  for (auto& trial : run.trials) trial.host = "h0", trial.build = "b0";
  for (auto& trial : second) {
    trial.host = "h1", trial.build = "b0";
    trial.measures["wall_ns_per_operation"] = trial.measures.at("wall_ns_per_operation") / 4;
  }
  run.trials.insert(run.trials.end(), second.begin(), second.end());
  return run;
}

TEST(Summary, TimingsOfTwoHostsAreNeverPooled) {
  const auto one = summarize(two_scenarios()), all = summarize(of_two_hosts("bb"));
  ASSERT_EQ(all.size(), 2 * one.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    const auto& first = all[i].measures.at("wall_ns_per_operation");
    const auto& second = all[i + one.size()].measures.at("wall_ns_per_operation");
    EXPECT_EQ(all[i].host, "h0");
    EXPECT_EQ(all[i + one.size()].host, "h1");
    EXPECT_EQ(first, one[i].measures.at("wall_ns_per_operation"));
    EXPECT_EQ(second.median, first.median / 4);
    EXPECT_EQ(second.rounds, 8U);
  }
}

TEST(Summary, HostsOfOneFingerprintAreAsGoodAsOne) {
  const auto all = summarize(of_two_hosts("aa"));
  ASSERT_EQ(all.size(), 4U);
  for (const auto& each : all) {
    EXPECT_EQ(each.host, "");
    EXPECT_EQ(each.measures.at("wall_ns_per_operation").rounds, 16U);
  }
}

TEST(Summary, TimingsOfTwoBuildsAreNeverPooled) {
  auto run = of_two_hosts("aa");
  for (auto& trial : run.trials)
    if (trial.host == "h1" && trial.scenario == "counter/locked") trial.build = "b1";
  const auto all = summarize(run);
  ASSERT_EQ(all.size(), 6U) << "one of counter/locked with each build and number of workers";
  for (const auto& each : all)
    EXPECT_EQ(each.build.empty(), each.scenario == "counter/atomic") << "named only where there are two";
}

TEST(Summary, OfARunWithoutBenchIsNone) { EXPECT_THAT(summarize({}), IsEmpty()); }

}  // namespace
}  // namespace chicane
