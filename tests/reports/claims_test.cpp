#include "reports/claims.h"

#include <gmock/gmock.h>

#include "reports/render.h"
#include "tests/reports/sample_run.h"

namespace chicane::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Claims, FiguresHaveThreeDigitsTheirUnitAndTheirInterval) {
  const auto run = sample::run_with_claims();
  EXPECT_EQ(figure_of(run.claims[0]), "1.96× [1.90–2.01]");
  EXPECT_EQ(figure_of(run.claims[2]), "");
  EXPECT_EQ(figure_of(run.choices[0]), "1");
  EXPECT_EQ(figure_of(run.choices[1]), "0.511 [0.497–0.526]");
  EXPECT_EQ(figure_of(run.choices[3]), "8.00 KiB");
  EXPECT_EQ(figure_of(run.choices[4]), "9.90 µs");
}

TEST(Claims, ThePageHasLanguagesSideBySideAndTheBestWay) {
  const auto html = render_html(sample::run_with_claims());
  EXPECT_THAT(html, HasSubstr("1 holds, 1 is inconclusive, 1 was not measured"));
  EXPECT_THAT(html, HasSubstr("1.96× [1.90–2.01]"));
  EXPECT_THAT(html, HasSubstr("p/d was not run"));
  EXPECT_THAT(html, HasSubstr("0.511 [0.497–0.526] ← best</strong><p>8.20 ms</p>"));
  EXPECT_THAT(html, HasSubstr("none does it so"));
}

TEST(Claims, TheConsoleCountsThemAndTellsWhatDoesNotHoldForCertain) {
  const auto text = render_console(sample::run_with_claims(), {});
  EXPECT_THAT(text, HasSubstr("Claims of tutorials on this host"));
  EXPECT_THAT(text, HasSubstr("inconclusive, 1.79×"));
  EXPECT_THAT(text, Not(HasSubstr("1.96×")));
}

TEST(Claims, ARunWithoutThemHasNoSection) {
  EXPECT_THAT(render_html(sample::sample_run()), Not(HasSubstr("id=\"claims\"")));
  EXPECT_THAT(render_console(sample::sample_run(), {}), Not(HasSubstr("tutorials")));
}

}  // namespace
}  // namespace chicane::reports
