#include "harness/supervisor/plan.h"

#include <set>
#include <string>

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
  s.roles = {{"work", 0}};
  return s;
}

LoadedPlugin plugin(Build build, std::vector<Scenario> scenarios) {
  LoadedPlugin p;
  p.description.file = std::string(name(build)) + ".so";
  p.description.name = "p";
  p.description.build = build;
  p.description.scenarios = std::move(scenarios);
  p.tree.build = build;
  p.tree.runner = "runner";
  return p;
}

RunOptions options(std::vector<Lane> lanes) {
  RunOptions o;
  o.lanes = std::move(lanes);
  return o;
}

const std::vector<int> two_cpus{0, 1};

TEST(WorkerSweep, GoesToTwiceTheCores) {
  EXPECT_THAT(worker_sweep(scenario("a/b"), 2), ElementsAre(1, 2, 4));
  EXPECT_THAT(worker_sweep(scenario("a/b"), 6), ElementsAre(1, 2, 4, 6, 12));
}

TEST(WorkerSweep, OfWhatScalesGoesToFourTimesTheCores) {
  EXPECT_THAT(scaling_sizes(1), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(scaling_sizes(2), ElementsAre(1, 2, 3, 4, 6, 8));
  EXPECT_THAT(scaling_sizes(5), ElementsAre(1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20));
  EXPECT_THAT(worker_sweep(scenario("a/b"), 2, true), ElementsAre(1, 2, 3, 4, 6, 8));
  auto pairs = scenario("a/pairs");
  pairs.workers_multiple_of = 2;
  EXPECT_THAT(worker_sweep(pairs, 2, true), ElementsAre(2, 4, 6, 8));
}

TEST(WorkerSweep, KeepsTheScenariosConstraints) {
  auto three = scenario("a/b");
  three.min_workers = 3;
  EXPECT_THAT(worker_sweep(three, 2), ElementsAre(3, 4));
  auto pairs = scenario("a/b");
  pairs.workers_multiple_of = 2;
  EXPECT_THAT(worker_sweep(pairs, 2), ElementsAre(2, 4));
  auto one = scenario("a/b");
  one.exactly_workers = 1;
  one.also_workers = {5};
  EXPECT_THAT(worker_sweep(one, 2), ElementsAre(1));
  auto five = scenario("a/b");
  five.also_workers = {5};
  EXPECT_THAT(worker_sweep(five, 2), ElementsAre(1, 2, 4, 5));
}

TEST(Plan, MarksMoreWorkersThanCoresAsOversubscribed) {
  const auto campaign = plan_campaign({plugin(Build::plain, {scenario("a/b")})}, {}, options({Lane::bench}), two_cpus);
  ASSERT_TRUE(campaign);
  ASSERT_EQ(campaign->plans.size(), 3u);
  EXPECT_FALSE(campaign->plans[1].oversubscribed);
  EXPECT_TRUE(campaign->plans[2].oversubscribed);
}

TEST(Plan, ShardsShareTheScenariosWithoutOverlap) {
  const std::vector plugins{plugin(Build::plain, {scenario("a/1"), scenario("a/2"), scenario("a/3"), scenario("b/1")})};
  std::multiset<std::string> all;
  for (std::uint32_t shard = 1; shard <= 3; ++shard) {
    auto part = options({Lane::bench});
    part.shard = shard, part.shards = 3;
    const auto campaign = plan_campaign(plugins, {}, part, two_cpus);
    ASSERT_TRUE(campaign);
    for (const auto& own : campaign->scenarios) all.insert(own.id);
  }
  EXPECT_THAT(all, ElementsAre("a/1", "a/2", "a/3", "b/1"));
  auto beyond = options({Lane::bench});
  beyond.shard = 5, beyond.shards = 5;
  const auto none = plan_campaign(plugins, {}, beyond, two_cpus);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("only 4 scenarios"));
}

TEST(Plan, SearchingLanesAskForWorkersThatCanMeet) {
  const auto campaign = plan_campaign({plugin(Build::tsan, {scenario("a/b")})}, {}, options({Lane::tsan}), two_cpus);
  ASSERT_TRUE(campaign);
  ASSERT_EQ(campaign->plans.size(), 1u);
  EXPECT_EQ(campaign->plans[0].request.parameters.workers, 2u);
}

TEST(Plan, ALaneWithoutABuildIsAGapWithItsReason) {
  Tree tsan;
  tsan.build = Build::tsan;
  tsan.gaps = {{"a/b", "oneTBB could not be built"}};
  const auto campaign = plan_campaign({plugin(Build::plain, {scenario("a/b"), scenario("a/c")})}, {tsan},
                                      options({Lane::bench, Lane::tsan}), two_cpus);
  ASSERT_TRUE(campaign);
  ASSERT_EQ(campaign->gaps.size(), 2u);
  EXPECT_EQ(campaign->gaps[0].reason, "oneTBB could not be built");
  EXPECT_THAT(campaign->gaps[1].reason, HasSubstr("no tsan build of this scenario"));
  EXPECT_FALSE(campaign->gaps[0].error);
}

TEST(Plan, ALaneThatTheScenarioRulesOutIsAGapWithTheScenariosReason) {
  auto fenced = scenario("a/b");
  fenced.expectation.not_judged = {{Lane::tsan, "fences are not modelled"}};
  const auto campaign = plan_campaign({plugin(Build::tsan, {fenced})}, {}, options({Lane::tsan}), two_cpus);
  ASSERT_TRUE(campaign);
  EXPECT_TRUE(campaign->plans.empty());
  EXPECT_EQ(campaign->gaps.at(0).reason, "fences are not modelled");
}

TEST(Plan, TwoScenariosWithOneIdInOneBuildAreRefused) {
  auto first = plugin(Build::plain, {scenario("a/b")});
  auto second = plugin(Build::plain, {scenario("a/b")});
  second.description.file = "other.so";
  const auto campaign = plan_campaign({first, second}, {}, options({Lane::bench}), two_cpus);
  ASSERT_FALSE(campaign);
  EXPECT_THAT(campaign.error().message, HasSubstr("a/b"));
  EXPECT_THAT(campaign.error().message, HasSubstr("plain.so"));
  EXPECT_THAT(campaign.error().message, HasSubstr("other.so"));
}

TEST(Plan, OneIdInTwoKindsOfBuildIsOneScenario) {
  const auto campaign = plan_campaign({plugin(Build::plain, {scenario("a/b")}), plugin(Build::tsan, {scenario("a/b")})},
                                      {}, options({Lane::bench, Lane::tsan}), two_cpus);
  ASSERT_TRUE(campaign);
  EXPECT_EQ(campaign->scenarios.size(), 1u);
  EXPECT_TRUE(campaign->gaps.empty());
}

TEST(Plan, BuildsThatDeclareDifferentThingsAreRefused) {
  auto changed = scenario("a/b");
  changed.expectation.must.push_back({});
  const auto campaign = plan_campaign({plugin(Build::plain, {scenario("a/b")}), plugin(Build::tsan, {changed})}, {},
                                      options({Lane::bench, Lane::tsan}), two_cpus);
  ASSERT_FALSE(campaign);
  EXPECT_THAT(campaign.error().message, HasSubstr("another expectation"));
}

TEST(Plan, AGlobOrArgumentThatFitsNothingIsSaid) {
  auto wrong_glob = options({Lane::bench});
  wrong_glob.globs = {"b*"};
  EXPECT_FALSE(plan_campaign({plugin(Build::plain, {scenario("a/b")})}, {}, wrong_glob, two_cpus));
  auto wrong_arg = options({Lane::bench});
  wrong_arg.args = {{"wait", 3}};
  const auto refused = plan_campaign({plugin(Build::plain, {scenario("a/b")})}, {}, wrong_arg, two_cpus);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("none of the chosen scenarios has the parameter 'wait'"));
}

TEST(Plan, AxesAreCombinedAndArgumentsReplaceThem) {
  auto grid = scenario("a/b");
  grid.exactly_workers = 1;
  grid.axes = {{"threads", {1, 2}}, {"wait_ms", {2}}};
  auto all = plan_campaign({plugin(Build::plain, {grid})}, {}, options({Lane::bench}), two_cpus);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->plans.size(), 2u);
  auto replaced = options({Lane::bench});
  replaced.args = {{"wait_ms", 200}, {"threads", 3}};
  all = plan_campaign({plugin(Build::plain, {grid})}, {}, replaced, two_cpus);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->plans.size(), 1u);
  EXPECT_EQ(all->plans[0].request.parameters.args.at("wait_ms"), 200);
}

TEST(Plan, AnAxisThatItScalesWithIsSweptWhereSpeedIsMeasured) {
  auto pool = scenario("a/b");
  pool.exactly_workers = 1;
  pool.axes = {{"threads", {5, 2}}};
  pool.scales_with = "threads";
  const auto sizes = [&](RunOptions wanted) {
    std::vector<std::int64_t> found;
    const auto all = plan_campaign({plugin(Build::plain, {pool})}, {}, wanted, two_cpus);
    for (const auto& plan : all->plans) found.push_back(plan.request.parameters.args.at("threads"));
    return found;
  };
  EXPECT_THAT(sizes(options({Lane::bench})), ElementsAre(1, 2, 3, 4, 5, 6, 8));
  EXPECT_THAT(sizes(options({Lane::stress})), ElementsAre(5, 2));
  auto quick = options({Lane::bench});
  quick.quick = true;
  quick.globs = {"a/b"};
  EXPECT_THAT(sizes(quick), ElementsAre(5, 2));
  auto given = options({Lane::bench});
  given.args = {{"threads", 3}};
  EXPECT_THAT(sizes(given), ElementsAre(3));
}

TEST(Plan, WhereProcessesAreJudgedAsThreadsOneKindIsEnough) {
  auto both = scenario("a/b");
  both.worker_kinds = {WorkerKind::thread, WorkerKind::process};
  const auto bench = plan_campaign({plugin(Build::plain, {both})}, {}, options({Lane::bench}), two_cpus);
  const auto tsan = plan_campaign({plugin(Build::tsan, {both})}, {}, options({Lane::tsan}), two_cpus);
  ASSERT_TRUE(bench && tsan);
  EXPECT_EQ(bench->plans.size(), 6u);
  EXPECT_EQ(tsan->plans.size(), 1u);
}

TEST(TrialSeed, DiffersByScenarioParametersAndRepetition) {
  TrialRequest one, other, wide;
  one.scenario = "a/b";
  other.scenario = "a/c";
  wide.scenario = "a/b";
  wide.parameters.workers = 4;
  EXPECT_NE(trial_seed(1, one, 0), trial_seed(1, one, 1));
  EXPECT_NE(trial_seed(1, one, 0), trial_seed(1, other, 0));
  EXPECT_NE(trial_seed(1, one, 0), trial_seed(1, wide, 0));
  EXPECT_NE(trial_seed(1, one, 0), trial_seed(2, one, 0));
}

TEST(TrialSeed, IsTheSameWhenTheScenarioIsRunAlone) {
  const auto both =
      plan_campaign({plugin(Build::plain, {scenario("a/a"), scenario("a/b")})}, {}, options({Lane::bench}), two_cpus);
  const auto alone = plan_campaign({plugin(Build::plain, {scenario("a/b")})}, {}, options({Lane::bench}), two_cpus);
  ASSERT_TRUE(both && alone);
  EXPECT_EQ(trial_seed(9, both->plans.back().request, 3), trial_seed(9, alone->plans.back().request, 3));
}

}  // namespace
}  // namespace chicane
