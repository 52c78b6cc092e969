// The runner's small parts: roles, placement, the ledger, the plan of passes.
#include <algorithm>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "harness/runner/lanes/passes.h"
#include "harness/runner/ledger.h"
#include "harness/runner/placement.h"
#include "harness/runner/roles.h"

namespace chicane {
namespace {

using namespace std::string_view_literals;

std::vector<chicane_role> roles(std::initializer_list<std::uint32_t> exactly) {
  std::vector<chicane_role> all;
  for (const auto number : exactly) all.push_back({sizeof(chicane_role), "role", number, nullptr});
  return all;
}

TEST(Roles, WithoutNumbersTheyShareEvenlyAndTheFirstGetsWhatIsLeftOver) {
  EXPECT_EQ(assign_roles(roles({0, 0}), 5), (std::vector<Seat>{{0, 0, 3}, {0, 1, 3}, {0, 2, 3}, {1, 0, 2}, {1, 1, 2}}));
}

TEST(Roles, WithANumberTheyGetItAndTheOthersShareTheRest) {
  EXPECT_EQ(assign_roles(roles({0, 1, 0}), 4), (std::vector<Seat>{{0, 0, 2}, {0, 1, 2}, {1, 0, 1}, {2, 0, 1}}));
}

TEST(Placement, WorkersAreDealtOverCpusOrSetOnOne) {
  const std::vector<int> cpus{2, 5}, allowed{1, 2, 5};
  using Places = std::vector<std::vector<int>>;
  EXPECT_EQ(place_workers(Placement::distinct, cpus, 3, allowed).value(), (Places{{2}, {5}, {2}}));
  EXPECT_EQ(place_workers(Placement::same, cpus, 2, allowed).value(), (Places{{2}, {2}}));
  EXPECT_EQ(place_workers(Placement::free, cpus, 2, allowed).value(), (Places{{}, {}}));
  EXPECT_EQ(place_workers(Placement::distinct, {}, 2, allowed).value(), (Places{{1}, {2}}));
}

TEST(Placement, OneDrivingWorkerLeavesAllCpusToItsOwnThreads) {
  EXPECT_EQ(place_workers(Placement::distinct, {2, 5}, 1, {2, 5})->front(), (std::vector{2, 5}));
}

TEST(Placement, PinningEndsWithItsScope) {
  const auto before = allowed_cpus();
  {
    const Pinned pinned({before.back()});
    EXPECT_EQ(allowed_cpus(), (std::vector{before.back()}));
  }
  EXPECT_EQ(allowed_cpus(), before);
}

TEST(Ledger, SendsAFindingAtOnceAndItsRepeatsAtTheEnd) {
  std::vector<std::pair<std::string, std::uint64_t>> sent;
  Ledger ledger([&](const Finding& finding, std::uint64_t count) { sent.emplace_back(finding.name, count); });
  using Sent = decltype(sent);
  ledger.fail("wrong_result", "total", "9");
  EXPECT_EQ(sent, (Sent{{"total", 1}}));
  ledger.fail("wrong_result", "total", "8");
  ledger.fail("wrong_result", "total", "7");
  ledger.fail("torn_output", "total", "other kind");
  EXPECT_EQ(sent, (Sent{{"total", 1}, {"total", 1}}));
  ledger.send_repeats();
  EXPECT_EQ(sent, (Sent{{"total", 1}, {"total", 1}, {"total", 2}}));
  ledger.send_repeats();
  EXPECT_EQ(sent.size(), 3u);
  EXPECT_EQ(ledger.findings(), 4u);
}

// Findings of so many names, and the limit_exceeded ones among what was sent with their counts.
std::vector<std::uint64_t> limits_after(int names) {
  std::vector<std::uint64_t> counts;
  Ledger ledger([&](const Finding& finding, std::uint64_t count) {
    if (finding.kind != FindingKind::limit_exceeded) return;
    EXPECT_EQ(finding.evidence.limit, "reports");
    counts.push_back(count);
  });
  for (int i = 0; i < names; ++i) ledger.fail("wrong_result", std::to_string(i), "wrong");
  ledger.send_repeats();
  return counts;
}

TEST(Ledger, SaysWhenThereAreMoreFindingsThanItSends) {
  using Counts = std::vector<std::uint64_t>;
  EXPECT_EQ(limits_after(1000), Counts{});
  EXPECT_EQ(limits_after(1001), Counts{1});
  EXPECT_EQ(limits_after(1004), (Counts{1, 3}));
}

TEST(Ledger, TakesNoMessageThatIsNone) {
  Ledger ledger([](const Finding&, std::uint64_t) {});
  EXPECT_FALSE(ledger.receive("nonsense"));
  EXPECT_FALSE(ledger.receive("finding\0nonsense\0a\0b\0\0\0"sv));
  EXPECT_EQ(ledger.findings(), 0u);
}

// A plan whose every turn costs `cost` ns, played to its end.
std::vector<std::uint64_t> passes(std::uint64_t turns, std::uint64_t budget, std::uint64_t cost) {
  PassPlan plan(turns, budget);
  std::vector<std::uint64_t> made;
  for (std::uint64_t next; (next = plan.next_turns()) != 0 && made.size() < 100; made.push_back(next))
    plan.passed(next, next * cost);
  return made;
}

TEST(PassPlan, GrowsByFourUntilTheBudgetIsSpent) {
  EXPECT_EQ(passes(0, 100, 1), (std::vector<std::uint64_t>{1, 4, 16, 64, 15}));
}

TEST(PassPlan, StopsGrowingAtTheTurnsAskedFor) {
  EXPECT_EQ(passes(16, 50, 1), (std::vector<std::uint64_t>{1, 4, 16, 16, 13}));
  EXPECT_EQ(std::ranges::max(passes(0, 1'000'000, 1)), PassPlan::most_turns);
}

TEST(PassPlan, ALongTurnStillHasAFewPasses) {
  EXPECT_EQ(passes(0, 1, 1'000), (std::vector<std::uint64_t>{1, 1, 1}));
  EXPECT_EQ(passes(0, 2'500, 1'000), (std::vector<std::uint64_t>{1, 1, 1}));
}

TEST(PassPlan, OneSlowPassCostsNoOther) {
  PassPlan plan(0, 20);
  plan.passed(plan.next_turns(), 19);  // disturbed from outside: the next ones are quick
  plan.passed(plan.next_turns(), 2);
  EXPECT_EQ(plan.next_turns(), 1u);
  plan.passed(1, 1);
  EXPECT_EQ(plan.next_turns(), 0u);
}

TEST(PassPlan, NoPassIsBegunThatMayNotFitTheWallLimit) {
  PassPlan plan(0, 3'000);
  EXPECT_EQ(plan.next_turns(0), 1u) << "the first is always made";
  plan.passed(1, 1'000);
  EXPECT_EQ(plan.next_turns(1'999), 0u);
  EXPECT_EQ(plan.next_turns(2'000), 1u);
  EXPECT_EQ(plan.next_turns(), 2u);
  PassPlan disturbed(0, 3'000);
  disturbed.passed(1, 1'000, true);
  EXPECT_EQ(disturbed.next_turns(1'999), 0u);
  EXPECT_EQ(disturbed.next_turns(2'000), 1u);
}

TEST(PassPlan, ADisturbedPassCostsNothingAndTellsNothing) {
  PassPlan plan(0, 100);
  plan.passed(1, 1'000'000, true);
  EXPECT_EQ(plan.next_turns(), 1u);
  plan.passed(1, 1);
  EXPECT_EQ(plan.next_turns(), 4u);
  plan.passed(4, 1'000'000, true);
  EXPECT_EQ(plan.next_turns(), 16u);
  for (std::uint32_t i = 0; i < PassPlan::most_disturbed; ++i) plan.passed(16, 1'000'000, true);
  EXPECT_EQ(plan.next_turns(), 0u);
}

}  // namespace
}  // namespace chicane
