#include <cstddef>
#include <limits>
#include <regex>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/json_text.h"
#include "reports/markdown/escape.h"
#include "reports/render.h"
#include "reports/sarif/rules.h"
#include "reports/source_root.h"
#include "reports/units.h"
#include "tests/reports/sample_run.h"

namespace chicane::reports {
namespace {

using sample::sample_run;
using sample::Trouble;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

TEST(JsonText, NestsEscapesAndKnowsNoNumberThatIsNone) {
  JsonText json;
  {
    const auto all = json.object({}, JsonText::Shape::line);
    json.text("a\"b", "\x1b\"\\\n\xff");
    json.number("none", std::numeric_limits<double>::quiet_NaN());
    json.number("large", std::numeric_limits<double>::infinity());
    json.number("tenth", 0.1);
    json.number("whole", std::size_t{18'446'744'073'709'551'615U});
    const auto list = json.array("list");
    json.number({}, 1.0);
    json.boolean({}, true);
  }
  EXPECT_EQ(std::move(json).take(),
            "{\"a\\\"b\": \"␛\\\"\\\\ \xEF\xBF\xBD\", \"none\": null, \"large\": null, \"tenth\": 0.1, "
            "\"whole\": 18446744073709551615, \"list\": [1, true]}");
}

TEST(SourceRoot, FilesBelowItAreRelativeAndOthersStayAsTheyAre) {
  EXPECT_EQ(below_root("/src/tree/a/./b.cpp", "/src/tree"), "a/b.cpp");
  EXPECT_EQ(below_root("/src/tree2/b.cpp", "/src/tree"), "/src/tree2/b.cpp");
  EXPECT_EQ(below_root("/src/tree/../b.cpp", "/src/tree/"), "/src/b.cpp");
  EXPECT_EQ(below_root("a/../../b.cpp", "/work"), "../b.cpp");
  EXPECT_EQ(below_root("", "/work"), "");
}

TEST(SourceRoot, UrisTakeAnyByte) {
  EXPECT_EQ(file_uri("a b/ü:%.cpp"), "a%20b/%C3%BC%3A%25.cpp");
  EXPECT_EQ(file_uri("/a/b.cpp"), "file:///a/b.cpp");
  EXPECT_EQ(file_uri("<\xff>"), "%3C%FF%3E");
}

TEST(SourceRoot, ALineIsToldFromAFilesName) {
  EXPECT_EQ(source_line_of("a/b.cpp:8").line, 8u);
  EXPECT_EQ(source_line_of("a/b.cpp:8").file, "a/b.cpp");
  for (const auto* none : {"a/b.cpp", "a:b", "a/b.cpp:", "a:0", "a:-1", "a:8x", "a:99999999999"}) {
    EXPECT_EQ(source_line_of(none).line, 0u) << none;
    EXPECT_EQ(source_line_of(none).file, none);
  }
}

TEST(MarkdownText, NothingOfARunIsMarkup) {
  EXPECT_EQ(markdown::prose("<b> *a* [x](y) `c` |", 99), "&lt;b&gt; &#42;a&#42; &#91;x&#93;(y) &#96;c&#96; &#124;");
  EXPECT_EQ(markdown::prose("data_race", 99), "data_race");
  EXPECT_EQ(markdown::prose("_a_", 99), "&#95;a&#95;");
  EXPECT_EQ(markdown::prose("- 1", 99), "&#45; 1");
  EXPECT_EQ(markdown::prose("12. x", 99), "12&#46; x");
  EXPECT_EQ(markdown::prose("a\n\nb", 99), "a  b");
}

TEST(MarkdownText, CallsNobodyAndLinksNothing) {
  EXPECT_EQ(markdown::prose("@anna #12 http://x www.x", 99), "&#64;&#8203;anna &#35;&#8203;12 http&#58;//x www&#46;x");
  EXPECT_EQ(markdown::code("@anna", 99), "<code>&#64;anna</code>");
}

TEST(MarkdownText, LongTextsAreCutBetweenCharacters) {
  EXPECT_EQ(markdown::clipped("abcdef", 6), "abcdef");
  EXPECT_EQ(markdown::clipped("abcdefg", 6), "abcdef…");
  EXPECT_EQ(markdown::clipped("aüüü", 4), "aü…");
  EXPECT_EQ(markdown::clipped(std::string(1'000'000, 'x'), 6), "xxxxxx…");
}

TEST(MarkdownText, AFenceIsLongerThanAnyInside) {
  EXPECT_EQ(markdown::fenced("a ```` b", "sh", 99), "`````sh\na ```` b\n`````\n");
  EXPECT_EQ(markdown::fenced("a", "", 99), "```\na\n```\n");
}

TEST(Markdown, IsShortHoweverLargeTheRunAndSaysWhatIsLeftOut) {
  const auto large = render_markdown(sample::run_with_scenarios(10'000, 50'000));
  EXPECT_LE(large.size(), 60'000u);
  EXPECT_GT(large.size(), 30'000u) << "there was room for more";
  EXPECT_THAT(large, AllOf(HasSubstr("Left out here for length: "), HasSubstr(" verdicts that need attention"),
                           HasSubstr(" undeclared findings"), HasSubstr(" families' speed")));
  EXPECT_LE(render_markdown(sample::huge_texts_run()).size(), 60'000u);
  EXPECT_THAT(render_markdown(sample_run(Trouble::some)), Not(HasSubstr("Left out")));
}

TEST(Markdown, BeginsWithTheVerdict) {
  EXPECT_THAT(render_markdown(sample_run(Trouble::some)), StartsWith("## ✗ 3 of 18 scenarios are not as declared\n"));
  EXPECT_THAT(render_markdown(sample_run(Trouble::none)), StartsWith("## ✓ All 18 scenarios are as declared\n"));
}

TEST(Sarif, LevelsAreThoseOfTheVerdicts) {
  const auto trouble = render_sarif(sample_run(Trouble::some));
  // An undeclared finding and a missed one.
  EXPECT_EQ(times(trouble, "   \"level\": \"error\",\n"), 2u);
  EXPECT_EQ(times(trouble, "\"ruleId\": \"missed\""), 1u);
  EXPECT_EQ(times(trouble, "\"standing\": \"undeclared\""), 1u);
  EXPECT_EQ(times(trouble, "\"standing\": \"allowed\""), 1u);
  EXPECT_THAT(trouble, HasSubstr("\"executionSuccessful\": false"));  // one scenario could not be run
  const auto clean = render_sarif(sample_run(Trouble::none));
  EXPECT_EQ(times(clean, "   \"level\": \"error\",\n"), 0u);
  EXPECT_THAT(clean, HasSubstr("\"executionSuccessful\": true"));
}

TEST(Sarif, EachKindOfFindingIsARule) {
  for (std::size_t i = 0; i < Spelling<FindingKind>::names.size(); ++i)
    EXPECT_EQ(sarif::rules()[sarif::rule_of(static_cast<FindingKind>(i))].id, Spelling<FindingKind>::names[i]);
  EXPECT_EQ(sarif::rules()[sarif::rule_of_missed()].id, "missed");
}

TEST(Sarif, AFingerprintDoesNotChangeWithLinesOrOrder) {
  auto run = sample_run(Trouble::none);
  const auto before = render_sarif(run);
  for (auto& access : run.findings.front().evidence.accesses)
    for (auto& frame : access.stack) frame.line += 100;
  const auto after = render_sarif(run);
  EXPECT_NE(before, after);
  for (const auto& text : {before, after}) EXPECT_EQ(times(text, "\"chicaneFinding/v1\": \"3f9a20c7d1e84b56\""), 1u);
}

TEST(Sarif, FilesBelowTheRootOfTheSourceAreRelative) {
  auto run = sample_run(Trouble::none);
  for (auto& access : run.findings.front().evidence.accesses) access.stack.front().file = "/home/me/tree/x.cpp";
  EXPECT_THAT(render_sarif(run), HasSubstr("\"uri\": \"file:///home/me/tree/x.cpp\"}"));
  EXPECT_THAT(render_sarif(run, "/home/me/tree"), AllOf(HasSubstr("{\"uri\": \"x.cpp\", \"uriBaseId\": \"SRCROOT\"}"),
                                                        HasSubstr("\"SRCROOT\": {\"uri\": \"file:///home/me/tree/\"")));
}

TEST(GoogleBenchmark, WrongAnswersAreErrorsWithoutAggregates) {
  const auto json = render_gbench(sample::of_family(sample_run(Trouble::none), "waiting"));
  EXPECT_THAT(json, HasSubstr("\"name\": \"waiting/sequential/wait_ms:2/workers:1_mean\""));
  EXPECT_THAT(json, HasSubstr("\"name\": \"waiting/counts-early/wait_ms:2/workers:1\""));
  EXPECT_THAT(json, Not(HasSubstr("waiting/counts-early/wait_ms:2/workers:1_")));
  EXPECT_EQ(times(json, "\"error_occurred\": true"), 8u);
}

TEST(GoogleBenchmark, FiguresOfTwoHostsHaveTwoNames) {
  const auto json = render_gbench(sample::merged_run());
  for (const auto* host : {"h0", "h1"})
    EXPECT_THAT(json, HasSubstr(std::string("\"waiting/sequential/wait_ms:2/workers:1/host:") + host + "_median\""));
}

TEST(GoogleBenchmark, KnowsNoNumberThatIsNone) {
  auto run = sample::of_family(sample_run(Trouble::none), "waiting");
  for (auto& trial : run.trials) {
    trial.measures["cpu_ns_per_operation"] = std::numeric_limits<double>::quiet_NaN();
    trial.counters["rate"] = std::numeric_limits<double>::infinity();
    trial.counters["name"] = 7;  // must not take the entry's own
  }
  const auto json = render_gbench(run);
  EXPECT_FALSE(std::regex_search(json, std::regex("nan|inf|null", std::regex::icase)));
  EXPECT_THAT(json, AllOf(HasSubstr("\"counter_name\": 7"), Not(HasSubstr("\"name\": 7"))));
}

TEST(Csv, FormulasAreTexts) {
  auto run = sample::of_family(sample_run(Trouble::none), "waiting");
  run.trials.resize(1);
  auto& trial = run.trials.front();
  trial.scenario = "=cmd|' /C calc'!A0";
  trial.measures = {{"operations", -1}};
  trial.counters = {{"  @SUM(A1)", 1}, {"a,\"b\"", 2}};
  const auto csv = render_csv(run);
  EXPECT_THAT(
      csv,
      HasSubstr(",\"'=cmd|' /C calc'!A0\",bench,thread,1,wait_ms=2,0,no,completed,measure,operations,-1,count\r\n"));
  EXPECT_THAT(csv, HasSubstr(",counter,\"'  @SUM(A1)\",1,\r\n"));
  EXPECT_THAT(csv, HasSubstr(",counter,\"a,\"\"b\"\"\",2,\r\n"));
}

TEST(Csv, ATrialWithoutValuesHasItsLine) {
  auto run = sample::of_family(sample_run(Trouble::none), "waiting");
  run.trials.resize(1);
  run.trials.front().measures.clear();
  run.trials.front().status = TrialStatus::crashed;
  EXPECT_THAT(render_csv(run), HasSubstr(",no,crashed,,,,\r\n"));
}

TEST(Csv, MeasuresHaveUnits) {
  for (const auto& [measure, unit] : {std::pair{"wall_ns_per_operation", "ns"},
                                      {"peak_resident_bytes", "bytes"},
                                      {"operations_per_second", "1/s"},
                                      {"bytes_per_second", "bytes/s"},
                                      {"voluntary_switches", "count"},
                                      {"cache_misses_per_operation", "count"},
                                      {"resident_growth_bytes_per_worker", "bytes"},
                                      {"fairness_jain", "ratio"},
                                      {"overlap", ""}})
    EXPECT_EQ(unit_word(measure), unit) << measure;
}

TEST(Annotations, NameTheLineAndEscapeWhatParts) {
  auto run = sample_run(Trouble::some);
  for (auto& finding : run.findings) finding.evidence.message = "100 %, a:b\nsecond";
  const auto text = render_annotations(run);
  EXPECT_THAT(text, HasSubstr("::error file=scenarios/counter/unlocked.cpp,line=14,title=Data race in "
                              "UnlockedCounter%3A%3Awork::100 %25, a:b%0Asecond.%0ASeen in counter/unlocked tsan"));
  EXPECT_EQ(times(text, "\n"), 3u) << "a finding, one missed, one that could not be run:\n" << text;
}

TEST(Annotations, AreNoMoreThanAHostedCiShowsAndSayHowManyThereAre) {
  const auto text = render_annotations(sample::run_with_scenarios(100, 500));
  EXPECT_EQ(times(text, "::error "), 10u);
  EXPECT_THAT(text, HasSubstr("more need attention"));
  EXPECT_EQ(render_annotations(sample_run(Trouble::none)), "");
}

TEST(Annotations, OfAHostileRunAreOneLineEach) {
  const auto text = render_annotations(sample::hostile_run());
  EXPECT_EQ(times(text, "\n"), times(text, "::error "));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace chicane::reports
