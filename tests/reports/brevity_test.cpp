// What a page leaves out, because it is told beside it or nobody reads it.
#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/html/stacks.h"
#include "reports/render.h"
#include "tests/reports/sample_run.h"

namespace chicane::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

// A run whose counter/atomic found nothing in both lanes, with details.
Run where_nothing_was_found(const std::string& in_bench, const std::string& in_tsan) {
  auto run = sample::sample_run(sample::Trouble::none);
  for (auto& verdict : run.verdicts) {
    if (verdict.scenario != "counter/atomic") continue;
    verdict.verdict = Verdict::pass;
    verdict.why = verdict.lane == Lane::bench ? in_bench : in_tsan;
    verdict.confidence.says = "0 of 8 processes";
    verdict.detail.clear();
  }
  return run;
}
std::string reasons(const Run& run) {
  const auto page = render_html(run);
  const auto from = page.find(">counter/atomic<", page.find("<table class=reasons>"));
  return page.substr(from, page.find("<tbody>", from) - from);
}

TEST(Reasons, LanesThatFoundNothingShareARowWhateverTheirOperations) {
  const auto shared = reasons(where_nothing_was_found("nothing found in 8 processes (16,298 operations)",
                                                      "nothing found in 8 processes (5,149 operations)"));
  EXPECT_THAT(shared, HasSubstr(">every lane<td><b class=pass>pass</b><td>nothing found in 8 processes (16,298; 5,149 "
                                "operations)<td>0 of 8"));
  const auto apart = reasons(where_nothing_was_found("nothing found in 8 processes (16,298 operations)",
                                                     "nothing found in 9 processes (16,298 operations)"));
  EXPECT_THAT(apart, HasSubstr(">bench<td>"));
  EXPECT_THAT(apart, HasSubstr("<td>tsan<td>"));
}

TEST(Reasons, ParametersAreToldOnlyWhereTheyAreOtherThanAll) {
  auto run =
      where_nothing_was_found("nothing found in 8 processes (10 operations)", "as declared: hang in 8 of 8 processes");
  for (auto& verdict : run.verdicts) {
    if (verdict.scenario != "counter/atomic") continue;
    const auto why = verdict.lane == Lane::bench ? "nothing found in 4 processes (5 operations)"
                                                 : "as declared: hang in 4 of 4 processes";
    verdict.detail = {{{}, Verdict::pass, why, 4}, {{}, Verdict::not_judged, "too few workers", 4}};
  }
  const auto page = reasons(run);
  EXPECT_THAT(page, Not(HasSubstr("nothing found in 4")));
  EXPECT_THAT(page, HasSubstr("as declared: hang in 4 of 4")) << "how often is told of each";
  EXPECT_THAT(page, HasSubstr("too few workers"));
}

std::string stack_of(const std::string& function, const std::string& file) {
  Markup html(Markup::Language::html);
  Told told;
  write_stack(html, {{function, file, 3, 0, ""}}, told);
  return std::move(html).take();
}

TEST(StackOnAPage, ALongNameOfALibraryHasNoTemplateArguments) {
  const std::string arguments = "<std::function<void (" + std::string(100, 'x') + ")>, A<(B)1> >";
  const auto* const file = "/usr/include/c++/12/bits/invoke.h";
  EXPECT_THAT(stack_of("void std::vector" + arguments + "::push_back" + arguments + "(int)", file),
              HasSubstr("<b>void std::vector&lt;…&gt;::push_back&lt;…&gt;(int)</b>"));
  EXPECT_THAT(stack_of("std::operator<< " + arguments + "(A)", file),
              HasSubstr("<b>std::operator&lt;&lt; &lt;…&gt;(A)</b>"));
  EXPECT_THAT(stack_of("decltype(a->b) std::f" + arguments + "()", file),
              HasSubstr("<b>decltype(a-&gt;b) std::f&lt;…&gt;()</b>"));
  EXPECT_THAT(stack_of("std::f<int>()", file), HasSubstr("<b>std::f&lt;int&gt;()</b>")) << "a short one is whole";
  EXPECT_THAT(stack_of("Queue" + arguments + "::pop()", "scenarios/queue.h"), HasSubstr("xxxx"))
      << "and so is the user's";
}

}  // namespace
}  // namespace chicane::reports
