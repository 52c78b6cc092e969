#include "reports/reading.h"

#include <algorithm>
#include <limits>
#include <span>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/judge.h"
#include "reports/by_hand.h"
#include "reports/figures.h"
#include "reports/render.h"
#include "reports/speed_panels.h"
#include "tests/reports/sample_run.h"

namespace chicane::reports {
namespace {

using sample::sample_run;
using sample::Trouble;

TEST(Figures, HaveThreeDigitsAndAUnitThatFits) {
  EXPECT_EQ(figure(8.3099, Unit::nanoseconds), "8.31 ns");
  EXPECT_EQ(figure(18.44, Unit::nanoseconds), "18.4 ns");
  EXPECT_EQ(figure(999.7, Unit::nanoseconds), "1.00 µs");
  EXPECT_EQ(figure(1'234'567, Unit::nanoseconds), "1.23 ms");
  EXPECT_EQ(figure(8'331'894'784.0, Unit::bytes), "7.76 GiB");
  EXPECT_EQ(figure(512, Unit::bytes), "512 B");
  EXPECT_EQ(figure(120'300'000, Unit::per_second), "120 M/s");
  EXPECT_EQ(figure(0.0012, Unit::nanoseconds), "0.00120 ns");
  EXPECT_EQ(figure(12345, Unit::plain), "12,345");
  EXPECT_EQ(figure(0, Unit::nanoseconds), "0 ns");
}

TEST(Figures, WhatIsNoNumberIsADash) {
  EXPECT_EQ(figure(std::numeric_limits<double>::quiet_NaN(), Unit::plain), "–");
  EXPECT_EQ(figure(std::numeric_limits<double>::infinity(), Unit::nanoseconds), "– ns");
}

TEST(Figures, UnitsAreReadFromNames) {
  EXPECT_EQ(unit_of("wall_ns_per_operation"), Unit::nanoseconds);
  EXPECT_EQ(unit_of("peak_resident_bytes"), Unit::bytes);
  EXPECT_EQ(unit_of("bytes_per_second"), Unit::per_second);
  EXPECT_EQ(unit_of("transactions"), Unit::plain);  // "ns" is only its end
  EXPECT_EQ(label_of("overlap_ratio"), "overlap ratio");
}

TEST(Headline, SaysInWordsThatAllIsAsDeclared) {
  const auto run = sample_run(Trouble::none);
  EXPECT_EQ(Reading(run).headline().sentence(),
            "All 18 scenarios are as declared: 5 wrong twins caught, 13 right ones clean.");
  EXPECT_EQ(Reading(run).overall(), Verdict::pass);
}

TEST(Headline, NamesWhatIsNotAsDeclared) {
  const auto run = sample_run(Trouble::some);
  EXPECT_EQ(
      Reading(run).headline().sentence(),
      "3 of 18 scenarios are not as declared: something undeclared was found in counter/unlocked; what is declared "
      "was not found in pools/racy-slot; could not be run: processes/shared-memory.");
  EXPECT_EQ(Reading(run).overall(), Verdict::fail);
}

TEST(Headline, SaysWhatWasNotJudgedAndThatTheRunIsIncomplete) {
  auto run = sample_run(Trouble::none);
  run.complete = false;
  for (auto& verdict : run.verdicts)
    if (verdict.scenario == "counter/locked") verdict.verdict = Verdict::not_judged;
  EXPECT_EQ(
      Reading(run).headline().sentence(),
      "All 17 scenarios are as declared: 5 wrong twins caught, 12 right ones clean. 1 could not be judged here. The "
      "run was stopped before its end.");
}

TEST(Headline, AnEmptyRunIsNoSuccess) {
  const chicane::Run empty;
  EXPECT_EQ(Reading(empty).headline().says, "Nothing could be judged");
  EXPECT_EQ(Reading(empty).overall(), Verdict::not_judged);
}

TEST(Findings, UndeclaredComeFirstAndMayHasItsReason) {
  const auto run = sample_run(Trouble::some);
  const Reading reading(run);
  ASSERT_EQ(reading.findings().size(), run.findings.size());
  EXPECT_EQ(reading.findings().front().standing, Standing::undeclared);
  EXPECT_EQ(reading.findings().back().standing, Standing::allowed);
  EXPECT_EQ(reading.findings().back().allowed_because, "std::counting_semaphore of libstdc++ 12 can sleep forever");
}

TEST(Findings, AreCountedByProcessesAndParameters) {
  const auto run = sample_run(Trouble::some);
  const Reading reading(run);
  const auto* total = reading.finding("f0");
  ASSERT_NE(total, nullptr);
  ASSERT_EQ(total->occurrences.size(), 1u);
  const auto& seen = total->occurrences.front();
  EXPECT_EQ(seen.seen, 24u);
  EXPECT_EQ(seen.of, 24u);  // and not of the 8 with one worker: one can't race
  EXPECT_EQ(seen.by_parameters.size(), 3u);
  EXPECT_EQ(seen.by_parameters.begin()->first.workers, 2u);
  EXPECT_EQ(seen.by_parameters.begin()->second.of, 8u);
}

// A run of one scenario, judged; the judge's words and the reading are of the same trials.
Run judged_run(Lane lane, const std::vector<std::uint32_t>& workers_of_trials, std::uint32_t min_workers) {
  Run run;
  run.complete = true;
  run.seed = 7;
  run.lanes = {lane};
  run.scenarios.resize(1);
  run.scenarios[0].id = "counter/unlocked";
  if (min_workers != 0) {
    run.scenarios[0].expectation.must.resize(1);
    run.scenarios[0].expectation.must[0].kind = FindingKind::wrong_result;
    run.scenarios[0].expectation.must[0].min_workers = min_workers;
  }
  run.findings.resize(1);
  run.findings[0].kind = FindingKind::wrong_result;
  for (const auto workers : workers_of_trials) {
    Trial trial;
    trial.scenario = "counter/unlocked";
    trial.lane = lane;
    trial.parameters.workers = workers;
    trial.status = TrialStatus::completed;
    trial.turns = 10;
    run.trials.push_back(trial);
  }
  return run;
}

TEST(Findings, AreCountedAsTheJudgeCounts) {
  auto run = judged_run(Lane::bench, {1, 1, 2, 2, 2, 2, 2}, 2);
  run.trials[2].calibration = true;  // what only calibration shows is evidence too
  run.trials[2].findings = {{"f0", 1}};
  run.trials[3].status = TrialStatus::not_run;
  run.trials[4].status = TrialStatus::stopped;
  run.trials[5].status = TrialStatus::timed_out;
  run.trials[5].findings = {{"f0", 1}, {"f0", 2}};
  run.verdicts = judge(run);
  EXPECT_NE(run.verdicts[0].detail[1].why.find("1 of 5 trials could not be run"), std::string::npos);
  run.trials.erase(run.trials.begin() + 3);
  run.verdicts = judge(run);
  EXPECT_EQ(run.verdicts[0].why, "as declared: wrong_result in 2 of 3 processes");
  const Reading reading(run);
  ASSERT_EQ(reading.finding("f0")->occurrences.size(), 1u);
  EXPECT_EQ(reading.finding("f0")->occurrences[0].seen, 2u);
  EXPECT_EQ(reading.finding("f0")->occurrences[0].of, 3u);
  EXPECT_EQ(reading.finding("f0")->occurrences[0].first_trial, 2u);
}

TEST(Findings, ThatOneWorkerShowsThoughItCantAreUndeclaredAndCounted) {
  auto run = judged_run(Lane::bench, {1, 1, 2, 2}, 2);
  for (auto& trial : run.trials) trial.findings = {{"f0", 1}};
  run.trials[0].findings.clear();
  run.verdicts = judge(run);
  EXPECT_EQ(run.verdicts[0].verdict, Verdict::fail);
  const Reading reading(run);
  const auto* view = reading.finding("f0");
  EXPECT_EQ(view->standing, Standing::undeclared);
  EXPECT_EQ(view->occurrences[0].seen, 3u);
  EXPECT_EQ(view->occurrences[0].of, 4u);
}

TEST(Again, NamesTheParametersOfTheTrialThatShowedIt) {
  const auto run = sample_run(Trouble::some);
  const Reading reading(run);
  EXPECT_EQ(reading.command_for(reading.finding("f0")->occurrences.front()),
            "chicane run counter/unlocked --lanes tsan --workers 2 --quick --seed 42");
  // One worker is not the command's to choose here.
  EXPECT_EQ(reading.command_for(reading.finding("f4")->occurrences.front()),
            "chicane run waiting/counts-early --lanes bench --arg wait_ms=2 --quick --seed 42");
}

TEST(Again, KeepsWhatTheRunWasToldOfPluginsAndLengths) {
  auto run = judged_run(Lane::tsan, {5}, 0);
  run.trials[0].findings = {{"f0", 1}};
  run.command = {"build/chicane", "run",       "--plugin",    "my plugins/a.so",
                 "--plugin=b.so", "counter/*", "--lanes",     "bench,tsan",
                 "--workers",     "1,5",       "--slice",     "10ms",
                 "--rounds",      "3",         "--processes", "40",
                 "--seed",        "1",         "-o",          "out"};
  const auto again = [&run] { return Reading(run).command_for(Reading(run).finding("f0")->occurrences.front()); };
  EXPECT_EQ(again(),
            "chicane run counter/unlocked --lanes tsan --workers 5 --plugin 'my plugins/a.so' --plugin b.so --slice "
            "10ms --processes 40 --seed 7");
  run.trials[0].lane = Lane::bench;
  EXPECT_EQ(again(),
            "chicane run counter/unlocked --lanes bench --workers 5 --plugin 'my plugins/a.so' --plugin b.so --slice "
            "10ms --rounds 3 --seed 7");
}

TEST(Again, OfAMergedRunIsTheCommandOfTheRunThatSawIt) {
  auto run = sample::merged_run();  // the second run was called without --quick, with the seed 7
  for (auto& trial : run.trials)
    if (trial.host == "h0") trial.findings.clear();
  const Reading reading(run);
  EXPECT_EQ(reading.command_for(reading.finding("f4")->occurrences.front()),
            "chicane run waiting/counts-early --lanes bench --arg wait_ms=2 --seed 7");
}

TEST(SpeedPanels, TimingsOfTwoHostsAreNeverInOneComparison) {
  auto run = sample::merged_run();
  const auto panels_of_one = speed_panels(run).size();
  const auto summaries = run.summaries;
  for (auto& summary : run.summaries) summary.host = "h0";
  for (auto summary : summaries) {
    summary.host = "h1";
    for (auto& [name, estimate] : summary.measures) estimate.median /= 2;
    run.summaries.push_back(summary);
  }
  const auto panels = speed_panels(run);
  ASSERT_EQ(panels.size(), 2 * panels_of_one);
  for (const auto& panel : panels)
    for (const auto& series : panel.series)
      for (const auto& point : series.points)
        EXPECT_TRUE(panel.title.ends_with("on host " + point.summary->host)) << panel.title;
}

TEST(SpeedPanels, TimingsOfTwoBuildsAreTwoRows) {
  auto run = sample::merged_run();
  const auto rows = speed_panels(run).front().series.size();
  const auto summaries = run.summaries;
  for (auto& summary : run.summaries) summary.build = "b0";
  for (auto summary : summaries) summary.build = "b1", run.summaries.push_back(summary);
  EXPECT_EQ(speed_panels(run).front().series.size(), 2 * rows);
}

TEST(Again, QuotesWhatAShellWouldRead) {
  auto run = sample_run(Trouble::some);
  run.command = {"chicane", "run", "--plugin", "$(rm)"};
  Occurrence seen;
  seen.scenario_id = "it's; rm -rf";
  EXPECT_EQ(Reading(run).command_for(seen),
            "chicane run 'it'\\''s; rm -rf' --lanes bench --workers 1 --plugin '$(rm)' --seed 42");
}

const SpeedPanel& panel_of(const std::vector<SpeedPanel>& panels, const std::string& family) {
  return *std::ranges::find(panels, family, &SpeedPanel::family);
}

TEST(SpeedPanels, RankRightAnswersAndNeverWrongOnes) {
  const auto run = sample_run(Trouble::some);
  const auto panels = speed_panels(run);
  const auto& counter = panel_of(panels, "counter");
  ASSERT_EQ(counter.series.size(), 3u);
  EXPECT_EQ(counter.series[0].label, "atomic");
  EXPECT_EQ(counter.series[0].at(2)->rank, 1u);
  EXPECT_EQ(counter.series[1].label, "locked");
  EXPECT_EQ(counter.series[1].at(2)->rank, 2u);
  EXPECT_EQ(counter.series[2].label, "unlocked");  // the fastest
  EXPECT_FALSE(counter.series[2].right);
  for (const auto& point : counter.series[2].points) EXPECT_EQ(point.rank, 0u);
}

TEST(SpeedPanels, AScenarioThatIsWrongOnceIsWrongAtEveryNumberOfWorkers) {
  auto run = sample_run(Trouble::some);
  for (auto& summary : run.summaries)
    if (summary.scenario == "counter/atomic" && summary.parameters.workers == 4) summary.right = false;
  const auto panels = speed_panels(run);
  EXPECT_EQ(panel_of(panels, "counter").series[0].label, "locked");
  EXPECT_EQ(panel_of(panels, "counter").series[0].at(2)->rank, 0u);  // nothing left to compare it with
}

TEST(SpeedPanels, WhatMayBeAsFastIsMarkedAsNoDifference) {
  const auto run = sample_run(Trouble::some);
  const auto panels = speed_panels(run);
  const auto& waiting = panel_of(panels, "waiting");
  EXPECT_TRUE(waiting.series[1].points[0].tied);
  EXPECT_FALSE(waiting.series[3].points[0].tied);  // sequential
  EXPECT_EQ(waiting.title, "wait_ms=2");
}

TEST(SpeedPanels, PoolsAreDrawnByTheirThreads) {
  const auto run = sample_run(Trouble::some);
  const auto panels = speed_panels(run);
  EXPECT_EQ(panel_of(panels, "pools").x_name, "threads");
  EXPECT_EQ(panel_of(panels, "pools").xs, (std::vector<std::int64_t>{1, 2, 4}));
  EXPECT_EQ(panel_of(panels, "pools").words_of_x(1), "1 thread");
  SpeedPanel mixed;
  mixed.x_name = "threads or workers or processes";
  EXPECT_EQ(mixed.words_of_x(1), "1 thread or worker or process");
  EXPECT_EQ(mixed.words_of_x(2), "2 threads or workers or processes");
}

TEST(ByHand, IsHeldAgainstTheFastestLibraryAtAnEqualNumberOfWorkers) {
  auto run = sample_run(Trouble::some);
  const auto declare = [&](const std::string& id) -> Scenario& {
    return *std::ranges::find(run.scenarios, id, &Scenario::id);
  };
  const auto against = [&] { return against_libraries(panel_of(speed_panels(run), "counter"), run); };
  EXPECT_TRUE(against().empty());
  declare("counter/locked").by_hand = "it is a mutex";
  EXPECT_TRUE(against().empty());                           // nothing to compare it with
  declare("counter/unlocked").tags.push_back(library_tag);  // faster, and wrong
  declare("counter/atomic").tags.push_back(library_tag);
  const auto panels = speed_panels(run);
  const auto all = against_libraries(panel_of(panels, "counter"), run);
  ASSERT_EQ(all.size(), 3u);
  for (const auto& each : all) {
    EXPECT_EQ(each.library->label, "atomic");
    EXPECT_GT(*each.times.low, 1.1);
    EXPECT_LT(*each.times.low, each.times.ratio);
    EXPECT_GT(*each.times.high, each.times.ratio);
    EXPECT_EQ(each.slower, SlowerByATenth::yes);
    EXPECT_EQ(each.why, "it is a mutex");
  }
  EXPECT_NE(render_html(run).find("it is a mutex"), std::string::npos);
}

TEST(ByHand, WhatIsNotSlowerByATenthNeedsNoReason) {
  auto run = sample_run(Trouble::some);
  std::ranges::find(run.scenarios, "counter/atomic", &Scenario::id)->by_hand = "it is an atomic";
  std::ranges::find(run.scenarios, "counter/locked", &Scenario::id)->tags.push_back(library_tag);
  const auto panels = speed_panels(run);
  const auto all = against_libraries(panel_of(panels, "counter"), run);
  ASSERT_EQ(all.size(), 3u);
  for (const auto& each : all) {
    EXPECT_EQ(each.slower, SlowerByATenth::no);
    EXPECT_EQ(each.why, "");
  }
}

TEST(ByHand, IsSlowerByATenthOrNotOnlyWhereItsWholeIntervalSaysSo) {
  const auto graded = [](double median, std::optional<double> low, std::optional<double> high) {
    chicane::Run run;
    for (const auto* id : {"locks/own", "locks/library"}) run.scenarios.emplace_back().id = id;
    run.scenarios[0].by_hand = "it is fair";
    run.scenarios[1].tags.push_back(library_tag);
    for (const auto& scenario : run.scenarios) run.summaries.emplace_back().scenario = scenario.id;
    run.summaries[0].measures[ranked_measure] = {median, low, high, 8};
    run.summaries[1].measures[ranked_measure] = {100, 100, 100, 8};
    const auto panels = speed_panels(run);
    const auto all = against_libraries(panels.at(0), run);
    return all.size() == 1 ? std::pair(all[0].slower, all[0].why)
                           : std::pair(SlowerByATenth::not_shown, std::string("none"));
  };
  using enum SlowerByATenth;
  EXPECT_EQ(graded(130, 111, 150), std::pair(yes, std::string("it is fair")));
  EXPECT_EQ(graded(105, 92, 110), std::pair(no, std::string()));
  EXPECT_EQ(graded(20, 18, 23), std::pair(no, std::string()));
  EXPECT_EQ(graded(108, 92, 149), std::pair(not_shown, std::string()));
  EXPECT_EQ(graded(214, 90, 472), std::pair(not_shown, std::string("it is fair")));
  EXPECT_EQ(graded(130, 110, 150), std::pair(not_shown, std::string("it is fair")));
  EXPECT_EQ(graded(300, std::nullopt, std::nullopt), std::pair(not_shown, std::string("it is fair")));
}

// Rounds of one scenario that differ up to twofold from each other, all by what disturbs the whole round.
void add_rounds(Run& run, const std::string& id, std::uint32_t workers, double time, int rounds = 10) {
  Summary summary;
  summary.scenario = id;
  summary.parameters.workers = workers;
  std::vector<double> values;
  for (int i = 0; i < rounds; ++i) {
    auto& trial = run.trials.emplace_back();
    trial.scenario = id;
    trial.parameters.workers = workers;
    trial.status = TrialStatus::completed;
    trial.round = static_cast<std::uint32_t>(i);
    values.push_back(time * (1 + i % 7 / 6.0));
    trial.measures[ranked_measure] = values.back();
  }
  summary.measures[ranked_measure] = median_with_interval(values);
  run.summaries.push_back(std::move(summary));
}

TEST(SpeedPanels, WhatDisturbsARoundCancelsInRatiosAndRanks) {
  for (const bool disturbed_apart : {false, true}) {
    chicane::Run run;  // "Run" is also a test's method
    for (const auto* id : {"locks/fast", "locks/slow"}) run.scenarios.emplace_back().id = id;
    add_rounds(run, "locks/fast", 1, 100);
    add_rounds(run, "locks/fast", 2, 50);
    add_rounds(run, "locks/slow", 1, 103);
    add_rounds(run, "locks/slow", 2, 104);
    if (disturbed_apart)
      for (auto& trial : run.trials)
        if (trial.scenario == "locks/slow" || trial.parameters.workers == 2) trial.round = 9 - trial.round;
    const auto panels = speed_panels(run);
    const auto& fast = panels.at(0).series.at(0);
    EXPECT_EQ(fast.label, "fast");
    EXPECT_EQ(panels[0].series.at(1).at(1)->tied, disturbed_apart);
    const auto gain = speedup(fast, *fast.at(2));
    ASSERT_TRUE(gain && gain->low);
    if (disturbed_apart) {
      EXPECT_LT(*gain->low, 1.8);
      EXPECT_GT(*gain->high, 2.2);
    } else {
      EXPECT_DOUBLE_EQ(gain->ratio, 2);
      EXPECT_DOUBLE_EQ(*gain->low, 2);
      EXPECT_DOUBLE_EQ(*gain->high, 2);
    }
  }
}

TEST(SpeedPanels, OfTwoHostsAreComparedByTheRoundsOfEach) {
  chicane::Run run;
  run.scenarios.emplace_back().id = "locks/fast";
  for (const auto* id : {"h0", "h1"}) {
    auto& host = run.hosts.emplace_back();
    host.id = id;
    host.fingerprint = std::string("of ") + id;
    const auto gain = id[1] == '0' ? 2 : 1.25;
    for (const auto workers : {1u, 2u}) {
      const auto before = run.trials.size();
      add_rounds(run, "locks/fast", workers, workers == 1 ? 100 : 100 / gain);
      for (auto& trial : std::span(run.trials).subspan(before)) trial.host = id;
      run.summaries.back().host = id;
    }
  }
  const auto panels = speed_panels(run);
  ASSERT_EQ(panels.size(), 2u);
  for (const auto& [panel, gain] : {std::pair(0u, 2.0), {1u, 1.25}}) {
    const auto& series = panels[panel].series.at(0);
    EXPECT_DOUBLE_EQ(speedup(series, *series.at(2))->low.value(), gain) << panels[panel].title;
  }
}

TEST(SpeedPanels, WithoutRoundsOfBothASpeedupTakesTheEndsOfBothIntervals) {
  Summary one, two;
  one.parameters.workers = 1, two.parameters.workers = 2;
  one.measures[ranked_measure] = {10, 9, 11, 8};
  two.measures[ranked_measure] = {5, 4, 6, 8};
  SpeedSeries series;
  series.points = {{1, &one, 0, 0, false}, {2, &two, 1, 0, false}};
  const auto gain = speedup(series, series.points[1]);
  ASSERT_TRUE(gain);
  EXPECT_DOUBLE_EQ(gain->ratio, 2.0);
  EXPECT_DOUBLE_EQ(*gain->low, 1.5);
  EXPECT_DOUBLE_EQ(*gain->high, 2.75);
}

}  // namespace
}  // namespace chicane::reports
