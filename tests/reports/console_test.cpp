#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/console/paper.h"
#include "reports/render.h"
#include "reports/visible.h"
#include "tests/reports/sample_run.h"

namespace chicane {
namespace {

using reports::columns;
using sample::sample_run;
using testing::HasSubstr;
using testing::Not;

std::size_t widest(const std::string& text) {
  std::size_t most = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) most = std::max(most, columns(line));
  return most;
}

TEST(Console, FitsInEightyColumns) { EXPECT_LE(widest(render_console(sample_run(), {})), 80u); }

TEST(Console, TheTableFitsWithAllLanesAndLongNames) {
  chicane::Run run;
  run.lanes = {Lane::bench, Lane::stress, Lane::tsan, Lane::asan, Lane::explore};
  Scenario scenario;
  scenario.id = std::string(45, 'f') + "/" + std::string(30, 'n');
  run.scenarios = {scenario};
  for (const auto lane : run.lanes) {
    ScenarioVerdict verdict;
    verdict.scenario = scenario.id;
    verdict.lane = lane;
    verdict.why = "not built";
    run.verdicts.push_back(verdict);
  }
  EXPECT_LE(widest(render_console(run, {})), 86u);  // five words in their columns, and a name on a line of its own
  EXPECT_THAT(render_console(run, {}), HasSubstr(scenario.id + "\n"));
}

TEST(Console, HasColoursOnlyWhenAskedFor) {
  EXPECT_THAT(render_console(sample_run(), {}), Not(HasSubstr("\x1b[")));
  EXPECT_THAT(render_console(sample_run(), {80, true}), HasSubstr("\x1b[1;31m✗ fail\x1b[0m"));
}

TEST(Console, ColoursChangeNoText) {
  auto text = render_console(sample_run(), {80, true});
  for (auto at = text.find('\x1b'); at != std::string::npos; at = text.find('\x1b'))
    text.erase(at, text.find('m', at) - at + 1);
  EXPECT_EQ(text, render_console(sample_run(), {80, false}));
}

TEST(Console, SaysWhichScenarioFailedWhereAndWhy) {
  const auto text = render_console(sample_run(), {});
  EXPECT_THAT(text, HasSubstr("✗ counter/unlocked tsan: fail"));
  EXPECT_THAT(text, HasSubstr("in UnlockedCounter::work at scenarios/counter/unlocked.cpp:14"));
  EXPECT_THAT(text, HasSubstr("found, and not declared: data race in UnlockedCounter::work"));
  EXPECT_THAT(text, HasSubstr("? pools/racy-slot tsan: missed"));
}

TEST(Console, ParagraphsBreakAtSpacesAndKeepLongWordsWhole) {
  reports::Paper paper({20, false});
  paper.paragraph("one two three four five /a/path/that/is/longer/than/the/paper six", 2, 2);
  EXPECT_EQ(std::move(paper).take(),
            "  one two three four\n    five\n    /a/path/that/is/longer/than/the/paper\n    six\n");
}

}  // namespace
}  // namespace chicane
