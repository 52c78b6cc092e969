#include "harness/gate/match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chicane {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Scenario scenario(const std::string& id) {
  Scenario s;
  s.id = id;
  s.worker_kinds = {WorkerKind::thread};
  return s;
}

void add(Campaign& campaign, Scenario own, std::vector<std::uint32_t> workers, std::vector<std::int64_t> sizes = {}) {
  if (!sizes.empty()) own.axes = {{"n", sizes}};
  for (const auto count : workers)
    for (std::size_t i = 0; i < std::max<std::size_t>(sizes.size(), 1); ++i) {
      Plan plan;
      plan.request.scenario = own.id;
      plan.request.lane = Lane::bench;
      plan.request.parameters.workers = count;
      if (!sizes.empty()) plan.request.parameters.args["n"] = sizes[i];
      campaign.plans.push_back(plan);
    }
  campaign.scenarios.push_back(std::move(own));
}

TEST(Match, TakesAsManyWorkersAsCoresAndTheLastOfEachAxis) {
  Campaign both;
  add(both, scenario("a/b"), {1, 2, 4}, {10, 100});
  const auto matched = match(both, both, {false, 2});
  ASSERT_EQ(matched.pairs.size(), 1u);
  EXPECT_EQ(matched.subjects[0].parameters.workers, 2u);
  EXPECT_EQ(matched.subjects[0].parameters.args.at("n"), 100);
  EXPECT_EQ(match(both, both, {true, 2}).pairs.size(), 6u);
  Campaign many;
  add(many, scenario("a/b"), {4, 8});
  EXPECT_EQ(match(many, many, {false, 2}).subjects.at(0).parameters.workers, 4u);
}

TEST(Match, WhatTheCandidateLacksIsMissingAndWhatItAddsIsNoted) {
  Campaign old, fresh;
  add(old, scenario("a/gone"), {1});
  add(old, scenario("a/stays"), {1});
  add(fresh, scenario("a/stays"), {1});
  add(fresh, scenario("a/new"), {1});
  const auto matched = match(old, fresh, {false, 2});
  EXPECT_EQ(matched.pairs.size(), 1u);
  ASSERT_EQ(matched.missing.size(), 1u);
  EXPECT_EQ(matched.missing[0].scenario, "a/gone");
  EXPECT_EQ(matched.missing[0].verdict, GateVerdict::missing);
  EXPECT_THAT(matched.notes, ElementsAre(HasSubstr("a/new")));
}

TEST(Match, ALitmusScenarioThatIsGoneIsMissingThoughItHasNoTime) {
  Campaign old, fresh;
  auto litmus = scenario("litmus/gone");
  litmus.outcomes = {{"0,0", Grade::acceptable, ""}};
  add(old, litmus, {});
  const auto matched = match(old, fresh, {false, 2});
  ASSERT_EQ(matched.missing.size(), 1u);
  EXPECT_EQ(matched.missing[0].scenario, "litmus/gone");
  EXPECT_TRUE(match(old, old, {false, 2}).missing.empty());
  add(fresh, scenario("litmus/gone"), {1});
  ASSERT_EQ(match(old, fresh, {false, 2}).missing.size(), 1u) << "one that is litmus no more is gone too";
}

TEST(Match, WhatMustShowAFindingAndProgramsAreLeftOutAloud) {
  Campaign both;
  auto broken = scenario("a/broken");
  ExpectedFinding race;
  race.kind = FindingKind::data_race;
  broken.expectation.must.push_back(race);
  add(both, broken, {2});
  auto program = scenario("a/program");
  program.program = {"x"};
  add(both, program, {1});
  const auto matched = match(both, both, {false, 2});
  EXPECT_TRUE(matched.pairs.empty());
  EXPECT_THAT(matched.notes, ElementsAre(HasSubstr("a/broken"), HasSubstr("a/program")));
}

}  // namespace
}  // namespace chicane
