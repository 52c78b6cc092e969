// Every format of the sample runs, byte for byte. After a change that is meant: ninja update-golden, and look at
// it.
#include "tests/reports/golden.h"

#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "reports/render.h"
#include "tests/reports/sample_run.h"

namespace chicane {
namespace {

using sample::sample_run;
using sample::Trouble;

std::string golden(const std::string& file) {
  std::ifstream in(std::string(CHICANE_GOLDEN_FOLDER) + "/" + file, std::ios::binary);
  EXPECT_TRUE(in) << "no golden file " << file;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The first line that differs says more than two long texts.
void expect_same(const std::string& made, const std::string& file) {
  std::istringstream ours(made), theirs(golden(file));
  std::string own, other;
  for (int line = 1;; ++line) {
    const bool have_own = static_cast<bool>(std::getline(ours, own));
    const bool have_other = static_cast<bool>(std::getline(theirs, other));
    if (!have_own && !have_other) return;
    ASSERT_EQ(have_own ? own : "(end)", have_other ? other : "(end)") << file << ", line " << line;
  }
}

TEST(Golden, HtmlOfARunWithTroubleIsAsItWas) {
  expect_same(sample::without_assets(render_html(sample_run(Trouble::some))), "trouble.html");
}
TEST(Golden, HtmlOfACleanRunIsAsItWas) {
  expect_same(sample::without_assets(render_html(sample_run(Trouble::none))), "clean.html");
}
TEST(Golden, JunitOfARunWithTroubleIsAsItWas) { expect_same(render_junit(sample_run(Trouble::some)), "trouble.xml"); }
TEST(Golden, JunitOfACleanRunIsAsItWas) { expect_same(render_junit(sample_run(Trouble::none)), "clean.xml"); }
TEST(Golden, ConsoleOfARunWithTroubleIsAsItWas) {
  expect_same(render_console(sample_run(Trouble::some), {}), "trouble.txt");
}
TEST(Golden, ConsoleOfACleanRunIsAsItWas) { expect_same(render_console(sample_run(Trouble::none), {}), "clean.txt"); }

TEST(Golden, SarifOfARunWithTroubleIsAsItWas) { expect_same(render_sarif(sample_run(Trouble::some)), "trouble.sarif"); }
TEST(Golden, SarifOfACleanRunIsAsItWas) { expect_same(render_sarif(sample_run(Trouble::none)), "clean.sarif"); }
TEST(Golden, SarifOfAnExploredRunIsAsItWas) { expect_same(render_sarif(sample::explored_run()), "explored.sarif"); }
TEST(Golden, MarkdownOfARunWithTroubleIsAsItWas) {
  expect_same(render_markdown(sample_run(Trouble::some)), "trouble.md");
}
TEST(Golden, MarkdownOfACleanRunIsAsItWas) { expect_same(render_markdown(sample_run(Trouble::none)), "clean.md"); }
TEST(Golden, AnnotationsOfARunWithTroubleAreAsTheyWere) {
  expect_same(render_annotations(sample_run(Trouble::some)), "trouble.annotations");
}
TEST(Golden, GoogleBenchmarkJsonIsAsItWas) {
  expect_same(render_gbench(sample::of_family(sample_run(Trouble::none), "waiting")), "waiting.gbench.json");
}
TEST(Golden, GoogleBenchmarkJsonOfTwoHostsIsAsItWas) {
  expect_same(render_gbench(sample::merged_run()), "merged.gbench.json");
}
TEST(Golden, CsvIsAsItWas) {
  expect_same(render_csv(sample::of_family(sample_run(Trouble::none), "waiting")), "waiting.csv");
}

// With room: what a scenario more makes of a page with all that comes with it, and what every page carries.
TEST(Golden, APageOfManyScenariosStaysShort) {
  const auto bytes = render_html(sample::run_with_scenarios(500, 10'000)).size();
  EXPECT_LT(bytes, 300'000 + 500 * 2'800) << "10,000 scenarios in five lanes are to be 25 MB at most";
}

TEST(Golden, TheSameRunGivesTheSameBytes) {
  EXPECT_EQ(render_html(sample_run()), render_html(sample_run()));
  EXPECT_EQ(render_junit(sample_run()), render_junit(sample_run()));
  EXPECT_EQ(render_console(sample_run(), {}), render_console(sample_run(), {}));
  EXPECT_EQ(render_sarif(sample_run()), render_sarif(sample_run()));
  EXPECT_EQ(render_markdown(sample_run()), render_markdown(sample_run()));
  EXPECT_EQ(render_gbench(sample_run()), render_gbench(sample_run()));
  EXPECT_EQ(render_csv(sample_run()), render_csv(sample_run()));
  EXPECT_EQ(render_annotations(sample_run()), render_annotations(sample_run()));
}

}  // namespace
}  // namespace chicane
