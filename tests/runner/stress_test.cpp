// The stress lane in this very process, on litmus scenarios of its own tables.
#include <chicane/litmus.h>

#include <atomic>
#include <numeric>

#include <gmock/gmock.h>

#include "harness/runner/lanes/lanes.h"
#include "harness/runner/lanes/litmus.h"
#include "harness/runner/placement.h"
#include "tests/runner/subjects.h"

namespace chicane {
namespace {

struct Buffering {
  std::atomic<int> x{0}, y{0};
  int r1 = -1, r2 = -1;
  void left() { x.store(1, std::memory_order_relaxed), r1 = y.load(std::memory_order_relaxed); }
  void right() { y.store(1, std::memory_order_relaxed), r2 = x.load(std::memory_order_relaxed); }
  std::array<int, 2> outcome() const { return {r1, r2}; }
};
struct Exchanged {  // the arbiter sees what both actors did, so that there is one outcome only
  std::atomic<int> sum{0};
  int seen = -1;
  void add() { sum.fetch_add(1, std::memory_order_relaxed); }
  void arbiter() { seen = sum.load(std::memory_order_relaxed); }
  std::array<int, 1> outcome() const { return {seen}; }
};
struct Throws {
  void calm() {}
  void wild() { throw 1; }
  std::array<int, 1> outcome() const { return {0}; }
};

using internal::LitmusDeclaration;

struct Seen {
  Trial trial;
  std::vector<Finding> findings;
  std::uint64_t count(const std::string& outcome) const {
    for (const auto& each : trial.outcomes)
      if (each.outcome == outcome) return each.count;
    return ~std::uint64_t{0};
  }
};

template <typename State>
Seen stress(LitmusDeclaration<State>& declaration, Placement placement, std::uint64_t turns,
            std::uint64_t budget_ns = 0) {
  const auto runnable = read_scenario(declaration.table()).value();
  Seen seen;
  Ledger ledger([&](const Finding& finding, std::uint64_t) { seen.findings.push_back(finding); });
  TrialRequest request;
  request.lane = Lane::stress;
  request.parameters.workers = runnable.scenario.exactly_workers;
  request.turns = turns;
  request.budget_ns = budget_ns;
  request.placement = placement;
  auto stage = Stage::build(runnable, request, WorkerKind::thread, ledger).value();
  run_stress(stage, request, seen.trial);
  return seen;
}

TEST(Stress, EveryTurnHasOneOutcomeWhateverThePlacement) {
  LitmusDeclaration<Exchanged> declaration("test/exchanged", "", 1);
  declaration.actor<&Exchanged::add>("one").actor<&Exchanged::add>("two").actor<&Exchanged::add>("three").outcome(
      "3", acceptable, "all have added");
  for (const auto placement : {Placement::free, Placement::distinct, Placement::same}) {
    const auto seen = stress(declaration, placement, 3 * 4096);
    EXPECT_EQ(seen.trial.turns, 3 * 4096u);
    EXPECT_EQ(seen.count("3"), 3 * 4096u);
    EXPECT_THAT(seen.findings, testing::IsEmpty());
  }
}

TEST(Stress, StoreBufferingShowsWhatNoInterleavingExplains) {
  if (allowed_cpus().size() < 2) GTEST_SKIP() << "one CPU alone keeps its own order";
  LitmusDeclaration<Buffering> declaration("test/buffering", "", 1);
  declaration.actor<&Buffering::left>("left").actor<&Buffering::right>("right");
  declaration.outcomes({"0,1", "1,0", "1,1"}, acceptable, "in turn").outcome("0,0", interesting, "overtaken");
  std::uint64_t shown = 0;
  for (int attempt = 0; attempt < 50 && shown == 0; ++attempt)  // the two CPUs must really run at once
    shown = stress(declaration, Placement::distinct, 0, 100'000'000).count("0,0");
  EXPECT_GT(shown, 0u);
}

TEST(Stress, OutcomesThatAreNotDeclaredAreFindingsAndUnseenOnesAreListedWithZero) {
  LitmusDeclaration<Exchanged> declaration("test/undeclared", "", 1);
  declaration.actor<&Exchanged::add>("one").actor<&Exchanged::add>("two").outcome("7", acceptable, "never");
  const auto seen = stress(declaration, Placement::free, 4096);
  EXPECT_EQ(seen.count("7"), 0u);
  EXPECT_EQ(seen.count("2"), 4096u);
  ASSERT_EQ(seen.findings.size(), 1u);
  EXPECT_EQ(seen.findings[0].kind, FindingKind::forbidden_outcome);
  EXPECT_EQ(seen.findings[0].name, "2");
}

TEST(Stress, ForbiddenOutcomesAreFindings) {
  LitmusDeclaration<Exchanged> declaration("test/forbidden", "", 1);
  declaration.actor<&Exchanged::add>("one").actor<&Exchanged::add>("two").outcome("2", forbidden, "so it is");
  const auto seen = stress(declaration, Placement::free, 4096);
  ASSERT_EQ(seen.findings.size(), 1u);
  EXPECT_EQ(seen.findings[0].evidence.message, "outcome 2 is forbidden: so it is");
}

TEST(Stress, AnActorThatThrowsEndsTheTrialAsAFinding) {
  LitmusDeclaration<Throws> declaration("test/throws", "", 1);
  declaration.actor<&Throws::calm>("calm").actor<&Throws::wild>("wild").outcome("0", acceptable, "calm");
  const auto seen = stress(declaration, Placement::free, 0, 1'000'000'000);
  ASSERT_EQ(seen.findings.size(), 1u);
  EXPECT_EQ(seen.findings[0].kind, FindingKind::uncaught_exception);
}

TEST(Stress, ALoopingScenarioRunsInManyShortPassesOnFreshStates) {
  Seen seen;
  Ledger ledger([&](const Finding& finding, std::uint64_t) { seen.findings.push_back(finding); });
  TrialRequest request;
  request.lane = Lane::stress;
  request.parameters.workers = 2;
  request.budget_ns = 500'000'000;
  auto stage = Stage::build(subject("atomic"), request, WorkerKind::thread, ledger).value();
  run_stress(stage, request, seen.trial);
  EXPECT_GE(seen.trial.measures.at("passes"), 2);
  EXPECT_THAT(seen.findings, testing::IsEmpty());
}

TEST(Stress, ATableOfAnOlderPluginHasNoActors) {
  LitmusDeclaration<Exchanged> declaration("test/exchanged", "", 1);
  declaration.actor<&Exchanged::add>("one").actor<&Exchanged::add>("two").outcome("2", acceptable, "");
  auto table = *declaration.table();
  EXPECT_TRUE(read_scenario(&table)->roles.size() == 2);
  auto older = subject("atomic").table;
  older.struct_size = offsetof(chicane_scenario, litmus);
  EXPECT_TRUE(read_scenario(&older)->scenario.outcomes.empty());
}

TEST(Stress, LitmusTablesThatCannotBeRunAreRefused) {
  LitmusDeclaration<Exchanged> lonely("test/lonely", "", 1);
  lonely.actor<&Exchanged::add>("one").outcome("1", acceptable, "");
  EXPECT_THAT(read_scenario(lonely.table()).error().message, testing::HasSubstr("two actors"));
  LitmusDeclaration<Exchanged> silent("test/silent", "", 1);
  silent.actor<&Exchanged::add>("one").actor<&Exchanged::add>("two");
  EXPECT_THAT(read_scenario(silent.table()).error().message, testing::HasSubstr("declares no outcome"));
}

}  // namespace
}  // namespace chicane
