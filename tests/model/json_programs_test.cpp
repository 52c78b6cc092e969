#include <gmock/gmock.h>

#include "harness/model/programs.h"

namespace chicane {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string file(const std::string& programs) {
  return R"({"schema": "chicane.programs/1", "programs": [)" + programs + "]}";
}
std::string error_of(const std::string& text) {
  const auto parsed = parse_programs_file(text);
  return parsed ? "no error" : parsed.error().message;
}

TEST(Programs, AFileBecomesScenariosOfOneLane) {
  const auto parsed = parse_programs_file(file(
      R"({"id": "a/b", "says": "x", "command": ["p", "{n}"], "axes": {"n": [1, 2]}, "tags": ["core"],
          "operation": "one", "must": [{"kind": "wrong_result", "at": "total"}],
          "may": [{"kind": "hang", "reason": "why not"}], "time_limit_ms": 5})"));
  ASSERT_TRUE(parsed) << parsed.error().message;
  ASSERT_EQ(parsed->programs.size(), 1u);
  const auto& scenario = parsed->programs[0];
  EXPECT_EQ(scenario.id, "a/b");
  EXPECT_THAT(scenario.program, ElementsAre("p", "{n}"));
  EXPECT_EQ(scenario.exactly_workers, 1u);
  EXPECT_EQ(scenario.time_limit_ns, 5'000'000u);
  EXPECT_EQ(scenario.expectation.must[0].lanes, std::vector{Lane::bench}) << "its one lane has to show it";
  EXPECT_TRUE(scenario.expectation.may[0].lanes.empty());
  EXPECT_EQ(scenario.expectation.not_judged.size(), 4u);
}

TEST(Programs, WhatIsWrongIsNamed) {
  EXPECT_THAT(error_of("{}"), HasSubstr("schema: is missing"));
  EXPECT_THAT(error_of(R"({"schema": "chicane.programs/2", "programs": []})"), HasSubstr("chicane.programs/2"));
  EXPECT_THAT(error_of(file("")), HasSubstr("no program"));
  EXPECT_THAT(error_of(file("7")), HasSubstr("programs/0"));
  EXPECT_THAT(error_of(file(R"({"id": "a/b", "says": "", "command": ["p"], "tag": []})")), HasSubstr("'tag'"));
  EXPECT_THAT(error_of(file(R"({"id": "a/b", "says": "", "command": ["p"], "may": [{"kind": "hang"}]})")),
              HasSubstr("may 'hang' has no reason"));
  EXPECT_THAT(error_of(file(R"({"id": "a/b", "says": "", "command": ["p"], "axes": {"n": []}})")),
              HasSubstr("axis 'n' has no values"));
  const std::string one = R"({"id": "a/b", "says": "", "command": ["p"]})";
  EXPECT_THAT(error_of(file(one + "," + one)), HasSubstr("two of this id"));
  EXPECT_EQ(error_of(file(one)), "no error");
}

TEST(Programs, BracesThatAreNoNamesAreTheProgramsOwn) {
  const auto parsed = parse_programs_file(
      file(R"({"id": "a/b", "says": "", "command": ["awk", "{print $1}", "{folder}/x{n}"], "axes": {"n": [7]}})"));
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_THAT(program_command(parsed->programs[0], "/here", {{"n", -7}}),
              ElementsAre("awk", "{print $1}", "/here/x-7"));
}

TEST(Programs, AResultIsOneLineOfJson) {
  const auto result = parse_program_result(
      R"({"operations": 5, "region_ns": 10, "began_ns": 3, "right": false, "check": "c", "why": "w", "counters": {"x": 1.5}})");
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(*result, (ProgramResult{5, 10, 3, false, "c", "w", {{"x", 1.5}}}));
  for (const auto* bad :
       {"", "{}", "[]", R"({"operations": 5, "region_ns": 0, "right": true})",
        R"({"operations": -5, "region_ns": 1, "right": true})", R"({"operations": 5, "region_ns": 1, "right": "yes"})"})
    EXPECT_FALSE(parse_program_result(bad)) << bad;
}

}  // namespace
}  // namespace chicane
