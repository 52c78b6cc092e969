#include "harness/model/merge_runs.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "harness/model/json.h"
#include "tests/model/full_run.h"

namespace chicane {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// A run of one scenario, with a race in its first trial.
Run run_of(const std::string& id, const std::string& scenario, Lane lane, Verdict verdict) {
  Run run;
  run.id = id;
  run.started = "2026-01-0" + id.substr(0, 1) + "T00:00:00Z";
  run.ended = "2026-01-0" + id.substr(0, 1) + "T00:01:00Z";
  run.seed = static_cast<std::uint64_t>(id.front());
  run.complete = true;
  run.tool_version = "0.1.0";
  run.command = {"chicane", "run", scenario};
  run.lanes = {lane};
  Host host;
  host.id = "h0", host.fingerprint = "aa" + id, host.cores = 2;
  run.hosts = {host};
  run.builds = {{"b0", "counter", build_of(lane), "0" + id, "clang", "-O2"}};
  run.scenarios.emplace_back().id = scenario;
  run.findings = {full_race()};
  for (int i = 0; i < 2; ++i) {
    auto& trial = run.trials.emplace_back();
    trial.id = "t" + std::to_string(i);
    trial.plan = "p0";
    trial.scenario = scenario;
    trial.lane = lane, trial.host = "h0", trial.build = "b0";
    trial.status = TrialStatus::completed;
    trial.parameters.workers = 2;
  }
  run.trials.front().findings = {{"f0", 2}};
  auto& told = run.verdicts.emplace_back();
  told.scenario = scenario, told.lane = lane, told.verdict = verdict, told.why = "because of " + id;
  told.confidence = {2, 200, "0 of 2"};
  told.detail = {{run.trials.front().parameters, verdict, "so", 2}};
  (verdict == Verdict::fail ? told.undeclared : told.declared) = {"f0"};
  return run;
}

Run merged(std::vector<NamedRun> runs) {
  auto all = merge_runs(std::move(runs));
  EXPECT_TRUE(all) << (all ? "" : all.error().message);
  return all ? std::move(*all) : Run{};
}

std::vector<std::string> ids(const auto& all) {
  std::vector<std::string> names;
  for (const auto& each : all) names.push_back(each.id);
  return names;
}

TEST(MergeRuns, LanesOfSeveralJobsBecomeOneRunThatIsAsGoodAsAny) {
  const auto all = merged({{"bench.json", run_of("1a", "counter/x", Lane::bench, Verdict::pass)},
                           {"tsan.json", run_of("2b", "counter/x", Lane::tsan, Verdict::fail)}});
  EXPECT_THAT(all.lanes, ElementsAre(Lane::bench, Lane::tsan));
  EXPECT_EQ(all.scenarios.size(), 1u);
  EXPECT_THAT(ids(all.hosts), ElementsAre("h0", "h1"));
  EXPECT_THAT(ids(all.builds), ElementsAre("b0", "b1"));
  EXPECT_THAT(ids(all.trials), ElementsAre("t0", "t1", "t2", "t3"));
  EXPECT_EQ(all.trials[2].host, "h1");
  EXPECT_EQ(all.trials[2].build, "b1");
  EXPECT_NE(all.trials[0].plan, all.trials[2].plan) << "they differ in more than round and seed";
  EXPECT_EQ(all.trials[2].plan, all.trials[3].plan);
  ASSERT_EQ(all.verdicts.size(), 2u);
  EXPECT_EQ(all.verdicts[0].why, "because of 1a") << "one run alone judged it, so its words stand";
  EXPECT_EQ(all.started, "2026-01-01T00:00:00Z");
  EXPECT_EQ(all.ended, "2026-01-02T00:01:00Z");
  EXPECT_TRUE(all.complete);
  // And its file is a run file.
  EXPECT_EQ(parse_run(to_json(all)).value(), all);
}

TEST(MergeRuns, FindingsWithOneFingerprintAreOneInOneScenario) {
  auto second = run_of("2b", "counter/x", Lane::tsan, Verdict::fail);
  second.findings.front().evidence.schedule = "chicane.schedule/1\n";
  auto other = run_of("3c", "counter/y", Lane::tsan, Verdict::fail);
  const auto all = merged({{"a", run_of("1a", "counter/x", Lane::tsan, Verdict::fail)}, {"b", second}, {"c", other}});
  ASSERT_EQ(all.findings.size(), 2u);
  EXPECT_FALSE(all.findings[0].evidence.schedule.empty()) << "the one that can be run again is kept";
  EXPECT_EQ(all.trials[0].findings.front().ref, "f0");
  EXPECT_EQ(all.trials[2].findings.front().ref, "f0");
  EXPECT_EQ(all.trials[4].findings.front().ref, "f1");
  EXPECT_THAT(all.verdicts.back().undeclared, ElementsAre("f1"));
}

TEST(MergeRuns, TheWorstVerdictStandsAndSaysWhoseItIs) {
  const auto all = merged({{"a.json", run_of("1a", "counter/x", Lane::tsan, Verdict::pass)},
                           {"b.json", run_of("2b", "counter/x", Lane::tsan, Verdict::missed)},
                           {"c.json", run_of("3c", "counter/x", Lane::tsan, Verdict::not_judged)}});
  ASSERT_EQ(all.verdicts.size(), 1u);
  const auto& verdict = all.verdicts.front();
  EXPECT_EQ(verdict.verdict, Verdict::missed);
  EXPECT_EQ(verdict.why, "b.json: because of 2b; pass in a.json; not_judged in c.json");
  EXPECT_EQ(verdict.confidence.processes, 6u);
  ASSERT_EQ(verdict.detail.size(), 1u);
  EXPECT_EQ(verdict.detail.front().verdict, Verdict::missed);
  EXPECT_EQ(verdict.detail.front().trials, 6u);
}

TEST(MergeRuns, EachOrderOfVerdictsGivesTheSameOne) {
  std::vector<Verdict> order{Verdict::not_judged, Verdict::pass, Verdict::error, Verdict::missed, Verdict::fail};
  for (std::size_t worse = 1; worse < order.size(); ++worse)
    for (const bool swapped : {true, false}) {
      auto one = run_of("1a", "counter/x", Lane::tsan, order[worse - 1]);
      auto other = run_of("2b", "counter/x", Lane::tsan, order[worse]);
      if (swapped) std::swap(one, other);
      EXPECT_EQ(merged({{"a", one}, {"b", other}}).verdicts.front().verdict, order[worse]);
    }
}

TEST(MergeRuns, OneRunTwiceIsAnError) {
  const auto run = run_of("1a", "counter/x", Lane::tsan, Verdict::pass);
  const auto twice = merge_runs({{"a.json", run}, {"copy.json", run}});
  ASSERT_FALSE(twice);
  EXPECT_THAT(twice.error().message,
              AllOf(HasSubstr("a.json and copy.json hold the same run (1a)"), HasSubstr("leave")));
  const auto by_name = merge_runs({{"a.json", run}, {"a.json", run}});
  ASSERT_FALSE(by_name);
  EXPECT_THAT(by_name.error().message, HasSubstr("a.json is named twice"));
  // Also within one that was merged before.
  const auto before = merged({{"a.json", run}, {"b.json", run_of("2b", "counter/y", Lane::tsan, Verdict::pass)}});
  const auto again =
      merge_runs({{"all.json", before}, {"b.json", run_of("2b", "counter/y", Lane::tsan, Verdict::pass)}});
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().message, HasSubstr("all.json and b.json hold the same run (2b)"));
}

TEST(MergeRuns, AMergedRunMergesFurtherAndKnowsItsOrigins) {
  const auto before = merged({{"a.json", run_of("1a", "counter/x", Lane::tsan, Verdict::pass)},
                              {"b.json", run_of("2b", "counter/y", Lane::tsan, Verdict::pass)}});
  const auto all = merged({{"c.json", run_of("3c", "counter/z", Lane::bench, Verdict::pass)}, {"ab.json", before}});
  EXPECT_THAT(ids(all.merged_from), ElementsAre("3c", "1a", "2b"));
  EXPECT_THAT(all.merged_from[2].hosts, ElementsAre("h2"));
  EXPECT_THAT(all.merged_from[2].command, ElementsAre("chicane", "run", "counter/y"));
  EXPECT_EQ(all.seed, 0u) << "they have several";
}

TEST(MergeRuns, EqualBuildsAndNotesAreOneAndOthersAreNamed) {
  auto one = run_of("1a", "counter/x", Lane::bench, Verdict::pass);
  auto other = run_of("2b", "counter/y", Lane::bench, Verdict::pass);
  other.builds = one.builds;
  one.notes = {"everywhere", "only here"};
  other.notes = {"everywhere"};
  other.complete = false;
  const auto all = merged({{"a.json", one}, {"b.json", other}});
  EXPECT_EQ(all.builds.size(), 1u);
  EXPECT_THAT(all.notes, ElementsAre("everywhere", "a.json: only here"));
  EXPECT_FALSE(all.complete);
}

TEST(MergeRuns, WhatAnotherRunJudgedIsNoGap) {
  auto blind = run_of("1a", "counter/x", Lane::bench, Verdict::pass);
  blind.lanes.push_back(Lane::tsan);
  blind.gaps = {{"counter/x", Lane::tsan, false, "there is no tsan tree"},
                {"counter/x", Lane::asan, true, "no plugin"}};
  auto& none = blind.verdicts.emplace_back();
  none.scenario = "counter/x", none.lane = Lane::tsan, none.why = "there is no tsan tree";
  const auto all = merged({{"a.json", blind}, {"b.json", run_of("2b", "counter/x", Lane::tsan, Verdict::pass)}});
  ASSERT_EQ(all.gaps.size(), 1u);
  EXPECT_EQ(all.gaps.front().lane, Lane::asan);
  EXPECT_EQ(all.verdicts[1].verdict, Verdict::pass);
}

TEST(MergeRuns, AnotherDeclarationIsSaid) {
  auto other = run_of("2b", "counter/x", Lane::tsan, Verdict::pass);
  other.scenarios.front().expectation.must.emplace_back();
  const auto all = merged({{"a", run_of("1a", "counter/x", Lane::bench, Verdict::pass)}, {"b", other}});
  EXPECT_THAT(all.notes, ElementsAre(HasSubstr("counter/x is not declared alike")));
}

}  // namespace
}  // namespace chicane
