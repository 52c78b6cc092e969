// A page that shows its run beside older ones: compared with a baseline, and in a history.
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/render.h"
#include "tests/reports/sample_run.h"

namespace chicane {
namespace {

using sample::sample_run;
using sample::Trouble;
using testing::HasSubstr;
using testing::Not;

GateResult times(GateVerdict verdict) {
  GateResult result;
  result.baseline = "old/run.json";
  result.verdict = verdict;
  GateEntry entry;
  entry.scenario = "counter/locked";
  entry.verdict = verdict;
  entry.measures = {{"wall_ns_per_operation", 0.1, verdict, "", 1.5, 1.4, 1.6, 12, 0, {}, {}, 1.1, {}, false}};
  result.entries = {entry};
  return result;
}

std::string compared(const Run& baseline, const Run& run, const GateResult& result) {
  return render_html_with(run, {&baseline, &result});
}
std::string section(const std::string& page) {
  const auto from = page.find("<section id=compare>");
  return from == std::string::npos ? "" : page.substr(from, page.find("</section>", from) - from);
}

TEST(Compare, APageWithoutABaselineHasNoSuchSection) {
  EXPECT_THAT(render_html(sample_run()), Not(HasSubstr("id=compare")));
}

TEST(Compare, SaysWhichVerdictsChangedAndWhatIsNewlyFound) {
  const auto page =
      section(compared(sample_run(Trouble::none), sample_run(Trouble::some), times(GateVerdict::regression)));
  EXPECT_THAT(page, HasSubstr("Changed verdict of"));
  EXPECT_THAT(page, HasSubstr("counter/unlocked</a><td>tsan<td><span class=\"badge pass\">pass</span>"
                              "<td><span class=\"badge fail\">fail</span>"));
  EXPECT_THAT(page, HasSubstr("Found now, and not in the baseline"));
  EXPECT_THAT(page, HasSubstr("data race in UnlockedCounter::work</a> in"));
  EXPECT_THAT(page, HasSubstr("old/run.json"));
}

TEST(Compare, SaysWhatIsGone) {
  const auto page =
      section(compared(sample_run(Trouble::some), sample_run(Trouble::none), times(GateVerdict::improved)));
  EXPECT_THAT(page, HasSubstr("Found in the baseline, and not now"));
  EXPECT_THAT(page, HasSubstr("data race in UnlockedCounter::work in"));
}

TEST(Compare, EqualRunsSaySo) {
  const auto page = section(compared(sample_run(), sample_run(), times(GateVerdict::pass)));
  EXPECT_THAT(page, HasSubstr("Verdicts and findings are those of the baseline."));
  EXPECT_THAT(page, Not(HasSubstr("Changed verdict")));
}

TEST(Compare, NamesScenariosThatOnlyOneOfTheTwoHas) {
  auto fewer = sample_run();
  const auto gone = fewer.scenarios.back().id;
  fewer.scenarios.pop_back();
  EXPECT_THAT(section(compared(fewer, sample_run(), times(GateVerdict::pass))),
              HasSubstr("Not in the baseline: " + gone));
  EXPECT_THAT(section(compared(sample_run(), fewer, times(GateVerdict::pass))),
              HasSubstr("Only in the baseline: " + gone));
}

TEST(Compare, DrawsEachRatioWithItsIntervalAndTheMargin) {
  const auto page = section(compared(sample_run(), sample_run(), times(GateVerdict::regression)));
  for (const auto* drawn : {"<svg", "class=margin", "<path d=M", "h0 />", "+50.0 % [+40.0, +60.0]"})
    EXPECT_THAT(page, HasSubstr(drawn));
}

TEST(Compare, WhatLiesBeyondThePlotIsAnArrowOnItsSide) {
  auto result = times(GateVerdict::regression);
  auto& measure = result.entries[0].measures[0];
  measure.ratio = 2.5, measure.low = 2.2, measure.high = 2.8;
  const auto page = section(compared(sample_run(), sample_run(), result));
  EXPECT_THAT(page, HasSubstr("l-6-5m6,5l-6,5"));
  EXPECT_THAT(page, Not(HasSubstr("l6-5m-6,5l6,5")));
  EXPECT_THAT(page, Not(HasSubstr("h0 />")));
  EXPECT_THAT(page, HasSubstr("+150.0 % [+120.0, +180.0]"));
}

TEST(Compare, ZeroAndTheMarginAreDrawnOnceAndAgainWhereAScenarioHasItsOwn) {
  const auto lines = [](const std::string& page) {
    std::size_t number = 0;
    for (auto at = page.find("class=margin"); at != std::string::npos; at = page.find("class=margin", at + 1)) ++number;
    return number;
  };
  auto result = times(GateVerdict::regression);
  result.asked.margin = 0.1;
  result.entries.push_back(result.entries[0]);
  EXPECT_EQ(lines(section(compared(sample_run(), sample_run(), result))), 1);
  result.entries[1].measures[0].margin = 0.3;
  EXPECT_EQ(lines(section(compared(sample_run(), sample_run(), result))), 2);
}

TEST(Compare, WhatInconclusiveMeansIsToldOnce) {
  auto result = times(GateVerdict::inconclusive);
  result.asked.detect = 0.25;
  result.entries[0].why = "only 32 % or more would be found, and 25 % is asked";
  const auto page = section(compared(sample_run(), sample_run(), result));
  EXPECT_THAT(page, HasSubstr("a slowdown of 25\u00a0% could have been missed"));
  EXPECT_THAT(page, Not(HasSubstr("only 32 %")));
  result.entries[0].measures[0].detectable.reset();
  result.entries[0].why = "too few rounds to find anything";
  EXPECT_THAT(section(compared(sample_run(), sample_run(), result)), HasSubstr("too few rounds"));
}

TEST(Compare, WhatAnOldRunBringsIsTextOnly) {
  auto result = times(GateVerdict::wrong);
  result.baseline = result.why = result.entries[0].scenario = result.entries[0].why = sample::attack;
  result.notes = {sample::attack};
  const auto page = compared(sample::hostile_run(), sample_run(), result);
  EXPECT_THAT(section(page), Not(HasSubstr("<script")));
  EXPECT_THAT(section(page), HasSubstr("&lt;script&gt;alert(1)"));
  for (const auto* hidden : {"\x1b", "\x01", "\xff", "\xe2\x80\xae"}) EXPECT_THAT(page, Not(HasSubstr(hidden)));
}

HistoryLine line_over_runs(const std::string& says, std::size_t changes_at) {
  HistoryLine line;
  line.says = says;
  line.measure = "wall_ns_per_operation";
  for (std::size_t i = 0; i < 12; ++i) {
    const double ns = changes_at != 0 && i >= changes_at ? 20 : 10;
    line.points.push_back({fmt::format("run-{}", i),
                           fmt::format("2026-01-{:02}T00:00:00Z", i + 1),
                           "c0ffee",
                           {ns, ns * 0.9, ns * 1.1, 12},
                           true});
  }
  if (changes_at != 0) line.changes = {{changes_at, 10, 20, true, "worse by 100.0 %: 10.0 ns → 20.0 ns"}};
  return line;
}
std::string history_of(const std::vector<HistoryLine>& lines) {
  HtmlParts parts;
  parts.history_file = "history.sqlite";
  parts.history = lines;
  const auto page = render_html_with(sample_run(), parts);
  const auto from = page.find("<section id=history>");
  return from == std::string::npos ? "" : page.substr(from, page.find("</section>", from) - from);
}

TEST(HistorySection, IsThereOnlyWithAHistory) {
  EXPECT_THAT(render_html(sample_run()), Not(HasSubstr("id=history")));
  EXPECT_THAT(history_of({line_over_runs("counter/locked, 2 threads", 0)}), HasSubstr("<td>none<td>"));
}

TEST(HistorySection, SaysWhatChangedAndSinceWhen) {
  const auto page = history_of({line_over_runs("counter/atomic", 0), line_over_runs("counter/locked", 6)});
  EXPECT_THAT(page, HasSubstr("worse by 100.0 %: 10.0 ns → 20.0 ns, since 2026-01-07T00:00:00Z, commit c0ffee"));
  EXPECT_LT(page.find("counter/locked"), page.find("counter/atomic")) << "what changed comes first";
  EXPECT_THAT(page, HasSubstr("data-at=5 data-before=10 data-after=20 data-worse=1")) << "what its line is drawn from";
}

TEST(HistorySection, HasAColumnForEachRunTheNewestFirst) {
  auto fewer = line_over_runs("counter/atomic", 0);
  fewer.points.erase(fewer.points.begin() + 1, fewer.points.begin() + 11);
  const auto page = history_of({line_over_runs("counter/locked", 6), fewer});
  EXPECT_THAT(page, HasSubstr("over 12 runs of history.sqlite"));
  EXPECT_LT(page.find("2026-01-12T00:00:00Z<p>commit c0ffee<th"), page.find("2026-01-11T00:00:00Z<p>"));
  EXPECT_THAT(page, HasSubstr("<td>20.0 -2.0+2.0<td>10.0 -1.0+1.0<td>10.0 -1.0+1.0"));
  EXPECT_THAT(page, HasSubstr("<td>10.00 -1.00+1.00<td><td><td><td><td><td><td><td><td><td><td>10.00 -1.00+1.00"));
}

TEST(HistorySection, ALongHistoryShowsItsLastRuns) {
  auto line = line_over_runs("counter/locked", 0);
  const auto point = line.points.front();
  line.points.clear();
  for (int i = 0; i < 300; ++i) {
    line.points.push_back(point);
    line.points.back().run = fmt::format("run-{:03}", i);
    line.points.back().started = fmt::format("2026-01-01T00:{:02}:{:02}Z", i / 60, i % 60);
  }
  line.changes = {{50, 10, 20, true, "worse"}, {250, 20, 10, false, "better"}};
  const auto page = history_of({line});
  EXPECT_THAT(page, HasSubstr("over the last 200 of 300 runs"));
  EXPECT_THAT(page, HasSubstr("2026-01-01T00:01:40Z<p>"));
  EXPECT_THAT(page, Not(HasSubstr("2026-01-01T00:01:39Z<p>")));
  EXPECT_THAT(page, HasSubstr("data-at=49 data-before=20 data-after=10>better")) << "of the others only words";
  EXPECT_THAT(page, HasSubstr("<p>worse, since 2026-01-01T00:00:50Z"));
}

// Its line is 4 % high, of which a fiftieth can be seen.
TEST(HistorySection, AQuietLineHasMoreDigits) {
  auto line = line_over_runs("counter/locked", 0);
  for (std::size_t i = 0; i < line.points.size(); ++i)
    line.points[i].value = {1234.5 + static_cast<double>(i % 2), 1234, 1236, 12};
  EXPECT_THAT(history_of({line}), HasSubstr("<td>1.2355 -0.0015+0.0005"));
}

TEST(HistorySection, AWrongAnswerHasNoSpeedToLose) {
  auto line = line_over_runs("counter/unlocked", 6);
  line.points.back().right = false;
  const auto page = history_of({line});
  EXPECT_THAT(page, HasSubstr("no speed to compare"));
  EXPECT_THAT(page, Not(HasSubstr("badge fail")));
  EXPECT_THAT(page, HasSubstr("<td><s>20.0 -2.0+2.0</s><td>20.0")) << "its points are struck out";
}

TEST(HistorySection, DrawsOneRunAndEqualOnesToo) {
  auto one = line_over_runs("counter/locked", 0);
  one.points.resize(1);
  auto none = one;
  none.points[0].value = {0, {}, {}, 1};
  const auto page = history_of({one, none});
  for (const auto* wrong : {"nan", "inf"}) EXPECT_THAT(page, Not(HasSubstr(wrong)));
}

TEST(HistorySection, WhatAHistoryBringsIsTextOnly) {
  auto line = line_over_runs(sample::attack, 6);
  for (auto& point : line.points) point.started = point.commit = point.run = sample::attack;
  line.changes[0].says = sample::attack;
  const auto page = history_of({line});
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  for (const auto* hidden : {"\x1b", "\x01", "\xff", "\xe2\x80\xae"}) EXPECT_THAT(page, Not(HasSubstr(hidden)));
}

}  // namespace
}  // namespace chicane
