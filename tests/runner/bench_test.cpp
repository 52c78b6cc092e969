// The bench lane of the built runner.
#include <gtest/gtest.h>

#include "tests/runner/known_loop.h"
#include "tests/runner/runner_process.h"

namespace chicane {
namespace {

Trial measured(const TrialRequest& request) {
  const auto run = start_trial(request);
  EXPECT_EQ(run.exit_code, 0) << run.refusal() << run.output;
  EXPECT_TRUE(run.garbage.empty());
  EXPECT_EQ(run.output, "");
  EXPECT_EQ(run.events.front().kind, RunnerEvent::Kind::started);
  EXPECT_EQ(run.events.back().kind, RunnerEvent::Kind::finished);
  const auto* result = run.find(RunnerEvent::Kind::result);
  return result == nullptr ? Trial{} : result->trial;
}

TEST(Bench, FixedTurnsAreKeptAndRunOnce) {
  auto request = subject_request("subject/environment", Lane::bench);
  request.parameters.args["step"] = 5;
  request.turns = 1234;
  const auto trial = measured(request);
  EXPECT_EQ(trial.turns, 1234u);
  EXPECT_FALSE(trial.calibration);
  EXPECT_EQ(trial.measures.at("operations"), 2 * 1234);
  EXPECT_EQ(trial.counters.at("states"), 1);  // one attempt, one state
  ASSERT_EQ(trial.workers.size(), 2u);
  EXPECT_EQ(trial.workers[1].operations, 1234u);
}

TEST(Bench, WithoutTurnsItCalibratesAndSaysWhatItChose) {
  auto request = subject_request("subject/environment", Lane::bench);
  request.parameters.args["step"] = 1;
  request.turns = 0;
  request.budget_ns = 1'000'000;
  const auto trial = measured(request);
  EXPECT_TRUE(trial.calibration);
  EXPECT_GT(trial.turns, 1u);
  EXPECT_EQ(trial.measures.at("operations"), 2.0 * static_cast<double>(trial.turns));
  EXPECT_GT(trial.counters.at("states"), 1);  // each attempt had a fresh one
}

TEST(Bench, MeasuresAreThereAndFitTogether) {
  for (const auto kind : {WorkerKind::thread, WorkerKind::process}) {
    auto request = subject_request("subject/atomic", Lane::bench);
    request.parameters.worker_kind = kind;
    request.turns = 200'000;
    const auto trial = measured(request);
    for (const auto* name :
         {"wall_ns_per_operation", "worker_wall_ns_per_operation", "operations_per_second", "google_benchmark_real_ns",
          "cpu_ns_per_operation", "voluntary_switches", "involuntary_switches", "minor_faults", "major_faults",
          "peak_resident_bytes", "region_ns", "operations", "items_per_second"})
      ASSERT_TRUE(trial.measures.contains(name)) << name;
    const auto at = [&](const char* name) { return trial.measures.at(name); };
    EXPECT_DOUBLE_EQ(at("worker_wall_ns_per_operation"), 2 * at("wall_ns_per_operation"));
    EXPECT_DOUBLE_EQ(at("wall_ns_per_operation") * at("operations"), at("region_ns"));
    EXPECT_DOUBLE_EQ(at("items_per_second"), 3 * at("operations_per_second"));
    EXPECT_GT(at("cpu_ns_per_operation"), 0);
    EXPECT_GT(at("google_benchmark_real_ns"), 0);
    EXPECT_GT(at("peak_resident_bytes"), 100'000);
    for (const auto& worker : trial.workers) {
      EXPECT_GE(worker.begin_ns, 0);
      EXPECT_LE(static_cast<double>(worker.end_ns), at("region_ns"));
    }
  }
}

TEST(Bench, LatenciesOfAllWorkersAreOneHistogram) {
  for (const auto kind : {WorkerKind::thread, WorkerKind::process}) {
    auto request = subject_request("subject/timed", Lane::bench);
    request.parameters.worker_kind = kind;
    request.turns = 20'001;  // of which the first took as long as it took
    const auto& measures = measured(request).measures;
    EXPECT_EQ(measures.at("latency_count"), 40'002);
    // Half of them 1 µs, half 2 µs, but for two.
    EXPECT_NEAR(measures.at("latency_p90_ns"), 2000, 20);
    EXPECT_NEAR(measures.at("latency_p99_9_ns"), 2000, 20);
    EXPECT_GE(measures.at("latency_max_ns"), 2000);
    EXPECT_FALSE(measures.contains("latency_beyond"));
  }
}

TEST(Bench, CalibrationForgetsTheLatenciesOfItsAttempts) {
  auto request = subject_request("subject/timed", Lane::bench);
  request.turns = 0;
  request.budget_ns = 1'000'000;
  const auto trial = measured(request);
  EXPECT_EQ(trial.measures.at("latency_count"), trial.measures.at("operations"));
}

TEST(Bench, LatenciesThatAreNotDeclaredAreNotRecorded) {
  auto request = subject_request("subject/timed-undeclared", Lane::bench);
  request.turns = 1000;
  const auto trial = measured(request);
  EXPECT_FALSE(trial.measures.contains("latency_count"));
  EXPECT_EQ(trial.counters.at("time_stamps"), 0);
}

TEST(Bench, WhatFallsDueDuringAStallHasItsWaitingInItsLatency) {
  auto request = subject_request("subject/paced", Lane::bench);
  request.parameters.workers = 1;
  request.turns = 1000;
  const auto& measures = measured(request).measures;
  EXPECT_EQ(measures.at("latency_count"), 1000);
  // Ten sleeps of 1 ms are one in a hundred; with those that wait behind them it is one in five.
  EXPECT_GT(measures.at("latency_p90_ns"), 100'000);
  EXPECT_GE(measures.at("region_ns"), 999 * 50'000);  // not faster than requests come
}

TEST(Bench, MemoryOfWorkerProcessesSharesWhatTheyShare) {
  auto request = subject_request("subject/atomic", Lane::bench);
  request.turns = 1000;
  EXPECT_FALSE(measured(request).measures.contains("pss_bytes_per_worker"));  // of threads it says nothing
  request.parameters.worker_kind = WorkerKind::process;
  request.parameters.workers = 4;
  const auto measures = measured(request).measures;
  EXPECT_GT(measures.at("pss_bytes_per_worker"), 4096);
  EXPECT_LT(4 * measures.at("pss_bytes_per_worker"), measures.at("peak_resident_bytes"));
}

TEST(Bench, MemoryThatWorkerThreadsTookIsWithoutTheState) {
  auto request = subject_request("subject/touches", Lane::bench);
  request.turns = 1000;
  constexpr double mebibyte = 1 << 20, little = 128 << 10;
  for (const auto workers : {1u, 4u}) {
    request.parameters.workers = workers;
    request.parameters.args["bytes"] = 0;
    const auto without = measured(request).measures.at("resident_growth_bytes_per_worker");
    EXPECT_GE(without, 0) << workers;
    EXPECT_LT(without, little) << workers;
    request.parameters.args["bytes"] = 1 << 20;
    const auto with = measured(request).measures.at("resident_growth_bytes_per_worker");
    EXPECT_GE(with, mebibyte) << workers;
    EXPECT_LT(with, mebibyte + little) << workers;
  }
  request.parameters.worker_kind = WorkerKind::process;  // which has its PSS
  EXPECT_FALSE(measured(request).measures.contains("resident_growth_bytes_per_worker"));
}

TEST(Bench, CalibrationCountsWhatHardwareCountersTellAndRoundsDoNot) {
  for (const auto kind : {WorkerKind::thread, WorkerKind::process}) {
    auto request = subject_request("subject/known-loop", Lane::bench);
    request.parameters.worker_kind = kind;
    request.turns = 1000;
    const auto round = measured(request);
    EXPECT_FALSE(round.measures.contains("instructions_per_operation"));
    EXPECT_TRUE(round.not_counted.empty());
    request.turns = 0;
    request.budget_ns = 10'000'000;
    const auto calibration = measured(request);
    if (!calibration.measures.contains("instructions_per_operation")) {
      EXPECT_NE(calibration.not_counted, "");
      GTEST_SKIP() << "no instructions here: " << calibration.not_counted.str();
    }
    if (has_known_loop) {
      EXPECT_NEAR(calibration.measures.at("instructions_per_operation"), 210, 10);
    }
  }
}

TEST(Bench, FairnessIsOfTwoWorkersAndMore) {
  auto request = subject_request("subject/atomic", Lane::bench);
  request.turns = 100'000;
  const auto two = measured(request).measures;
  EXPECT_GT(two.at("fairness_jain"), 0.5 - 1e-9);
  EXPECT_LE(two.at("fairness_jain"), 1);
  EXPECT_GE(two.at("rate_max_over_min"), 1);
  request.parameters.workers = 1;
  EXPECT_FALSE(measured(request).measures.contains("fairness_jain"));
}

TEST(Bench, WorkersAreFoundOnTheCpusTheyWerePinnedTo) {
  auto request = subject_request("subject/atomic", Lane::bench);
  request.placement = Placement::same;
  for (const auto& worker : measured(request).workers) {
    EXPECT_EQ(worker.first_cpu, worker.last_cpu);
    EXPECT_EQ(worker.first_cpu, measured(request).workers[0].first_cpu);
  }
}

TEST(Bench, FindingsEndCalibrationAndTheTrialStillEndsInOrder) {
  for (const auto* id : {"subject/leaver", "subject/thrower", "subject/idler", "subject/unbuildable"}) {
    auto request = subject_request(id, Lane::bench);
    request.turns = 0;
    request.budget_ns = 10'000'000'000;
    const auto run = start_trial(request);
    EXPECT_EQ(run.exit_code, 0) << id;
    EXPECT_GE(run.findings().size(), 1u) << id;
    EXPECT_NE(run.find(RunnerEvent::Kind::finished), nullptr) << id;
  }
}

TEST(Bench, AKilledWorkerProcessIsAFindingOfATrialThatEnds) {
  auto request = subject_request("subject/killed", Lane::bench);
  request.parameters.worker_kind = WorkerKind::process;
  const auto run = start_trial(request);
  EXPECT_EQ(run.exit_code, 0);
  ASSERT_EQ(run.findings().size(), 1u);
  EXPECT_EQ(run.findings()[0].kind, FindingKind::crash);
}

TEST(Bench, ACPluginIsRunLikeAnyOther) {
  auto request = subject_request("minimal/count", Lane::bench);
  request.plugin = test_plugin("minimal");
  const auto run = start_trial(request);
  EXPECT_EQ(run.exit_code, 0) << run.refusal();
  EXPECT_TRUE(run.findings().empty());
  EXPECT_EQ(run.find(RunnerEvent::Kind::result)->trial.turns, 10u);
}

}  // namespace
}  // namespace chicane
