#include "reports/claims.h"

#include <gmock/gmock.h>

#include "reports/render.h"
#include "tests/reports/sample_run.h"

namespace chicane::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

Run with_claims() {
  Run run = sample::sample_run();
  run.claims = {{"halves",
                 "C++",
                 "two threads halve it",
                 "one over two",
                 "×",
                 1.957,
                 1.9,
                 2.013,
                 "at least 1.8",
                 ClaimGrade::holds,
                 "",
                 {"a/b", "a/c"}},
                {"halves",
                 "CPython",
                 "two threads halve it",
                 "one over two",
                 "×",
                 1.79,
                 1.5,
                 2.1,
                 "at least 1.8",
                 ClaimGrade::inconclusive,
                 "",
                 {"p/b", "p/c"}},
                {"loses",
                 "CPython",
                 "it loses updates",
                 "processes that did",
                 "%",
                 {},
                 {},
                 {},
                 "above 0",
                 ClaimGrade::not_measured,
                 "p/d was not run",
                 {"p/d"}}};
  run.choices = {{"C++", "waiting", "sequential", "a/b", 1, 1, 1, {}, false, "", 16e6},
                 {"C++", "waiting", "threads", "a/c", 0.511, 0.497, 0.526, {}, true, "", 8.2e6},
                 {"C++", "waiting", "coroutines", "", {}, {}, {}, {}, false, "none does it so", {}},
                 {"C++", "memory", "threads", "a/m", {}, {}, {}, 8192, false, "", {}},
                 {"C++", "start", "threads", "a/s", {}, {}, {}, {}, false, "", 9900}};
  return run;
}

TEST(Claims, FiguresHaveThreeDigitsTheirUnitAndTheirInterval) {
  const auto run = with_claims();
  EXPECT_EQ(figure_of(run.claims[0]), "1.96× [1.90–2.01]");
  EXPECT_EQ(figure_of(run.claims[2]), "");
  EXPECT_EQ(figure_of(run.choices[0]), "1");
  EXPECT_EQ(figure_of(run.choices[1]), "0.511 [0.497–0.526]");
  EXPECT_EQ(figure_of(run.choices[3]), "8.00 KiB");
  EXPECT_EQ(figure_of(run.choices[4]), "9.90 µs");
}

TEST(Claims, ThePageHasLanguagesSideBySideAndTheBestWay) {
  const auto html = render_html(with_claims());
  EXPECT_THAT(html, HasSubstr("1 holds, 1 is inconclusive, 1 was not measured"));
  EXPECT_THAT(html, HasSubstr("1.96× [1.90–2.01]"));
  EXPECT_THAT(html, HasSubstr("p/d was not run"));
  EXPECT_THAT(html, HasSubstr("0.511 [0.497–0.526] ← best</strong><p>8.20 ms</p>"));
  EXPECT_THAT(html, HasSubstr("none does it so"));
}

TEST(Claims, TheConsoleCountsThemAndTellsWhatDoesNotHoldForCertain) {
  const auto text = render_console(with_claims(), {});
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
