#include <chicane/scenario.h>

#include <cstddef>

#include <gtest/gtest.h>

#include "tests/runner/subjects.h"

namespace chicane {
namespace {

Result<Stage> build(const std::string& id, const TrialRequest& request) {
  static Ledger ledger([](const Finding&, std::uint64_t) {});
  return Stage::build(subject(id), request, request.parameters.worker_kind, ledger);
}
std::string refusal(const std::string& id, const TrialRequest& request) {
  const auto stage = build(id, request);
  return stage ? "" : stage.error().message;
}

TEST(Stage, RolesGetTheirWorkersAndTheirOperations) {
  const auto played = play("roles", WorkerKind::thread, 3);
  EXPECT_TRUE(played.findings.empty()) << played.findings[0].evidence.message;
}

TEST(Stage, AnEnvironmentOutlivesStatesAndArgumentsArrive) {
  const auto played = play("environment", WorkerKind::thread);
  EXPECT_TRUE(played.findings.empty()) << played.findings[0].evidence.message;
  EXPECT_EQ(played.counters.at("states"), 1);
}

TEST(Stage, AnUnknownKindOfFindingIsNamed) {
  const auto said = play("unknown-kind", WorkerKind::thread).said(FindingKind::protocol_broken);
  EXPECT_NE(said.find("'bad_luck' (dice: a one)"), std::string::npos) << said;
}

TEST(Stage, AStateThatCannotBeBuiltIsAFinding) {
  const auto played = play("unbuildable", WorkerKind::thread);
  ASSERT_EQ(played.findings.size(), 1u);
  EXPECT_EQ(played.findings[0].kind, FindingKind::uncaught_exception);
  EXPECT_EQ(played.findings[0].evidence.message, "no state today");
  EXPECT_TRUE(played.outcomes.empty());
}

TEST(Stage, StateMemoryIsZeroedAndKeepsItsAddress) {
  TrialRequest request;
  auto stage = build("atomic", request).value();
  void* const memory = stage.state().data();
  ASSERT_TRUE(stage.construct(5, 1));
  run_on_threads(stage);
  EXPECT_EQ(*static_cast<long*>(memory), 5);
  stage.destroy();
  ASSERT_TRUE(stage.construct(5, 1));
  EXPECT_EQ(stage.state().data(), memory);
  EXPECT_EQ(*static_cast<long*>(memory), 0);
  stage.destroy();
}

TEST(Stage, RequestsThatTheScenarioDoesNotAllowAreRefused) {
  TrialRequest request;
  EXPECT_EQ(refusal("atomic", request), "");
  request.parameters.args["speed"] = 1;
  EXPECT_EQ(refusal("atomic", request), "subject/atomic: it has no axis 'speed'");
  EXPECT_EQ(refusal("environment", request), "subject/environment: no value for its axis 'step'");
  request.parameters.args.clear();
  EXPECT_EQ(refusal("roles", request), "subject/roles: it runs with exactly 3 workers, not 1");
  request.parameters.worker_kind = WorkerKind::process;
  EXPECT_EQ(refusal("slow", request), "subject/slow: its workers can't be of the kind process");
  request.parameters.worker_kind = WorkerKind::thread;
  request.cpus = {4000};
  EXPECT_NE(refusal("atomic", request).find("CPU 4000 is not one that this process may use"), std::string::npos);
}

TEST(Stage, LatenciesAreKeptInTheBenchLaneAndForgottenBetweenStates) {
  TrialRequest request;
  request.parameters.workers = 2;
  auto stage = build("timed", request).value();
  ASSERT_TRUE(stage.construct(5, 1));
  const auto first = stage.worker(0), second = stage.worker(1);
  ASSERT_NE(first.latency, nullptr);
  const auto address = [](const void* at) { return reinterpret_cast<std::uintptr_t>(at); };
  EXPECT_GE(address(second.latency), address(first.latency) + sizeof(chicane_latency));
  record_latency(*second.latency, 300);
  EXPECT_EQ(stage.latency(0)->recorded, 0u);
  EXPECT_EQ(stage.latency(1)->recorded, 1u);
  stage.destroy();
  ASSERT_TRUE(stage.construct(5, 2));
  EXPECT_EQ(stage.latency(1)->recorded, 0u);
  EXPECT_EQ(stage.latency(1)->buckets[latency_bucket(300)], 0u);
  stage.destroy();
  for (const auto lane : {Lane::stress, Lane::tsan, Lane::asan, Lane::explore}) {
    request.lane = lane;
    EXPECT_EQ(build("timed", request).value().worker(0).latency, nullptr);
  }
}

TEST(Stage, AWorkerOfAnOlderHarnessRecordsNothing) {
  chicane_latency latency{};
  chicane_worker table{};
  table.struct_size = offsetof(chicane_worker, latency);  // what comes after it is none of the older harness's
  table.latency = &latency;
  Worker worker(&table);
  worker.record_ns(5);
  EXPECT_EQ(worker.now(), 0);
  EXPECT_EQ(latency.recorded, 0u);
}

TEST(Stage, SeedsOfWorkersAndStatesDiffer) {
  TrialRequest request;
  request.parameters.workers = 2;
  auto stage = build("atomic", request).value();
  ASSERT_TRUE(stage.construct(1, 1));
  const auto first = stage.worker(0).seed, second = stage.worker(1).seed;
  stage.destroy();
  ASSERT_TRUE(stage.construct(1, 2));
  EXPECT_NE(first, second);
  EXPECT_NE(first, stage.worker(0).seed);
  stage.destroy();
}

}  // namespace
}  // namespace chicane
