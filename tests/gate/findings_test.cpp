#include "harness/gate/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chicane {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Run run_with(const std::string& fingerprint) {
  Run run;
  Finding finding;
  finding.kind = FindingKind::data_race;
  finding.fingerprint = fingerprint;
  run.findings.push_back(finding);
  ScenarioVerdict verdict;
  verdict.scenario = "a/b";
  verdict.lane = Lane::tsan;
  verdict.verdict = Verdict::fail;
  verdict.undeclared = {"f0"};
  run.verdicts.push_back(verdict);
  return run;
}

TEST(GateFindings, AreNewOnlyWhereTheBaselineHasThemNot) {
  const auto found = findings_of(run_with("one"), nullptr);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, FindingKind::data_race);
  EXPECT_TRUE(found[0].waived.empty());
  const auto old = run_with("one"), other = run_with("other");
  EXPECT_THAT(findings_of(run_with("one"), &old)[0].waived, HasSubstr("baseline"));
  EXPECT_TRUE(findings_of(run_with("one"), &other)[0].waived.empty());
}

TEST(GateFindings, AMissedDeclarationCountsAndAPassHasNone) {
  auto run = run_with("one");
  run.verdicts[0].verdict = Verdict::missed;
  EXPECT_THAT(findings_of(run, nullptr)[0].says, HasSubstr("not seen"));
  const auto before = run;
  EXPECT_THAT(findings_of(run, &before)[0].waived, HasSubstr("baseline"));
  run.verdicts[0].verdict = Verdict::pass;
  EXPECT_TRUE(findings_of(run, nullptr).empty());
}

TEST(GateFindings, LanesThatMustJudgeAreAskedAfter) {
  auto run = run_with("one");
  EXPECT_TRUE(unjudged_by(run, {Lane::tsan}).empty());
  EXPECT_THAT(unjudged_by(run, {Lane::asan}), ElementsAre(HasSubstr("asan lane was not run")));
  run.verdicts[0].verdict = Verdict::not_judged;
  run.verdicts[0].why = "no tsan build";
  EXPECT_THAT(unjudged_by(run, {Lane::tsan}), ElementsAre(HasSubstr("no tsan build")));
}

}  // namespace
}  // namespace chicane
