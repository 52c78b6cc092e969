#include "harness/gate/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chicane {
namespace {

using testing::HasSubstr;

constexpr const char* whole = R"(
margin = "3%"
detect = "8%"
must_judge = ["tsan"]
[measures]
peak_resident_bytes = "20%"
[[scenario]]
id = "queue/*"
margin = "5%"
ignore = ["peak_resident_bytes"]
reason = "a free list that grows"
[[waive]]
scenario = "counter/unlocked"
kind = "data_race"
reason = "being mended"
until = 2026-12-31
)";

std::string error_of(const std::string& text) {
  const auto policy = parse_policy(text, "chicane.toml");
  return policy ? "" : policy.error().message;
}

TEST(Policy, IsReadAndApplied) {
  const auto policy = parse_policy(whole, "chicane.toml");
  ASSERT_TRUE(policy) << policy.error().message;
  EXPECT_DOUBLE_EQ(*policy->margin, 0.03);
  EXPECT_EQ(policy->must_judge, std::vector{Lane::tsan});
  GateSubject subject;
  subject.scenario = "queue/bounded";
  apply(*policy, subject);
  EXPECT_DOUBLE_EQ(subject.margin, 0.05);
  EXPECT_TRUE(subject.ignored.contains("peak_resident_bytes"));
  GateSubject other;
  other.scenario = "counter/locked";
  apply(*policy, other);
  EXPECT_DOUBLE_EQ(other.other_margins.at("peak_resident_bytes"), 0.2);
}

TEST(Policy, AMarginBeyondWhatIsToBeDetectedMovesThat) {
  const auto policy = parse_policy("[[scenario]]\nid = \"a/b\"\nmargin = \"6%\"\n", "chicane.toml");
  ASSERT_TRUE(policy);
  GateSubject subject;
  subject.scenario = "a/b";
  apply(*policy, subject);
  EXPECT_DOUBLE_EQ(subject.margin, 0.06);
  EXPECT_DOUBLE_EQ(subject.detect, 0.15);
}

TEST(Policy, AnUnknownKeyIsAnErrorWithLineAndNearestName) {
  EXPECT_THAT(error_of("margn = \"2%\"\n"),
              testing::AllOf(HasSubstr("chicane.toml:1"), HasSubstr("did you mean 'margin'")));
  EXPECT_THAT(error_of("\n[[waive]]\nuntill = 2026-01-01\n"), HasSubstr("did you mean 'until'"));
}

TEST(Policy, WhatIsNotWrittenAsItMustIsSaid) {
  EXPECT_THAT(error_of("margin = 0.02\n"), HasSubstr("text in quotes"));
  EXPECT_THAT(error_of("margin = \"2\"\n"), HasSubstr("write it like 2%"));
  EXPECT_THAT(error_of("margin = \"-2%\"\n"), HasSubstr("write it like 2%"));
  EXPECT_THAT(error_of("must_judge = [\"thsan\"]\n"), HasSubstr("unknown lane 'thsan'"));
  EXPECT_THAT(error_of("[[waive]]\nfingerprint = \"x\"\nreason = \"r\"\n"), HasSubstr("until"));
  EXPECT_THAT(error_of("[[waive]]\nfingerprint = \"x\"\nuntil = 2026-01-01\n"), HasSubstr("reason"));
  EXPECT_THAT(error_of("[[waive]]\nscenario = \"a/*\"\nreason = \"r\"\nuntil = 2026-01-01\n"),
              HasSubstr("fingerprint"));
  EXPECT_THAT(error_of("[[scenario]]\nmargin = \"2%\"\n"), HasSubstr("'id'"));
  EXPECT_THAT(error_of("[measures]\nlatncy_p99_ns = \"5%\"\n"), HasSubstr("did you mean 'latency_p99_ns'"));
  EXPECT_THAT(error_of("[measures]\nwall_ns_per_operation = \"5%\"\n"), HasSubstr("the margin of time is 'margin'"));
  EXPECT_THAT(error_of("[[scenario]]\nid = \"a\"\nignore = [\"tyme\"]\nreason = \"r\"\n"), HasSubstr("'time'"));
  EXPECT_THAT(error_of("margin = [\n"), HasSubstr("chicane.toml:"));
}

TEST(Policy, AWaiverHoldsUntilItsDateAndNotAfter) {
  const auto policy = parse_policy(whole, "chicane.toml");
  ASSERT_TRUE(policy);
  const std::vector<GateFinding> found{{"counter/unlocked", Lane::tsan, FindingKind::data_race, "ab", "", ""},
                                       {"counter/unlocked", Lane::stress, FindingKind::wrong_result, "cd", "", ""}};
  auto on_its_day = found;
  waive(*policy, "2026-12-31", on_its_day);
  EXPECT_THAT(on_its_day[0].waived, HasSubstr("being mended"));
  EXPECT_TRUE(on_its_day[1].waived.empty()) << "another kind is not covered";
  auto after = found;
  const auto notes = waive(*policy, "2027-01-01", after);
  EXPECT_TRUE(after[0].waived.empty());
  EXPECT_THAT(notes, testing::ElementsAre(HasSubstr("ended on 2026-12-31")));
  std::vector<GateFinding> none;
  EXPECT_THAT(waive(*policy, "2026-01-01", none), testing::ElementsAre(HasSubstr("not needed")));
}

}  // namespace
}  // namespace chicane
