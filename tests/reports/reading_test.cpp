#include "reports/reading.h"

#include <algorithm>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/figures.h"
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
  EXPECT_EQ(seen.of, 32u);
  EXPECT_EQ(seen.by_parameters.begin()->second.seen, 0u);  // one worker can't race
  EXPECT_EQ(seen.by_parameters.begin()->second.of, 8u);
  EXPECT_EQ(reading.command_for(seen), "chicane run counter/unlocked --lanes tsan --seed 42");
}

TEST(Findings, CommandsQuoteWhatAShellWouldRead) {
  const auto run = sample_run(Trouble::some);
  Occurrence seen;
  seen.scenario_id = "it's; rm -rf";
  EXPECT_EQ(Reading(run).command_for(seen), "chicane run 'it'\\''s; rm -rf' --lanes bench --seed 42");
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

TEST(SpeedPanels, OverlappingIntervalsAreMarkedAsNoDifference) {
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
}

TEST(SpeedPanels, SpeedupTakesTheEndsOfBothIntervals) {
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
