// The built runner, given plugins that it must not run: each a real file with one thing wrong.
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "harness/runner/plugin.h"
#include "tests/runner/runner_process.h"

namespace chicane {
namespace {

void expect_refusal(const std::string& file, const std::string& words) {
  const auto run = start_runner({"describe", file});
  EXPECT_EQ(run.exit_code, 3) << run.output;
  EXPECT_NE(run.refusal().find(words), std::string::npos) << run.refusal();
  EXPECT_NE(run.refusal().find(file), std::string::npos) << "names the file: " << run.refusal();
  EXPECT_EQ(run.events.size(), 1u);
}

TEST(Refusals, ARightPluginIsDescribed) {
  const auto run = start_runner({"describe", test_plugin("minimal")});
  EXPECT_EQ(run.exit_code, 0) << run.refusal() << run.output;
  const auto* event = run.find(RunnerEvent::Kind::description);
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(event->description.name, "minimal");
  EXPECT_EQ(event->description.build, runner_build());
  EXPECT_FALSE(event->description.build_id.empty());
  ASSERT_EQ(event->description.scenarios.size(), 2u);
  EXPECT_EQ(event->description.scenarios[0].id, "minimal/count");
  EXPECT_EQ(event->description.scenarios[0].source, "minimal.c:1");
}

TEST(Refusals, ATextFile) {
  const auto file = testing::TempDir() + "chicane_text.so";
  std::ofstream(file) << "#!/bin/sh\n";
  expect_refusal(file, "no ELF file");
}
TEST(Refusals, NoFileAtAll) { expect_refusal("/nonexistent/plugin.so", "No such file"); }
TEST(Refusals, ALibraryThatIsNoPlugin) { expect_refusal(test_plugin("no_plugin"), "no Chicane plugin"); }
TEST(Refusals, AnAbiThatIsTooNew) { expect_refusal(test_plugin("too_new"), "too new"); }
TEST(Refusals, AnAbiThatIsTooOld) { expect_refusal(test_plugin("too_old"), "too old"); }
TEST(Refusals, AnotherBuild) { expect_refusal(test_plugin("other_build"), "build"); }
TEST(Refusals, AnInvalidId) { expect_refusal(test_plugin("invalid_id"), "scenario id 'Minimal/Count' is invalid"); }
TEST(Refusals, OneIdTwice) { expect_refusal(test_plugin("duplicate_id"), "two scenarios have the id 'minimal/count'"); }
TEST(Refusals, NoRole) { expect_refusal(test_plugin("no_role"), "it has no role"); }
TEST(Refusals, AMayWithoutAReason) { expect_refusal(test_plugin("may_without_reason"), "may 'hang' has no reason"); }
TEST(Refusals, AnUnknownKindOfFinding) {
  expect_refusal(test_plugin("unknown_kind"), "unknown kind of finding 'gremlins'; known: data_race");
}

TEST(Refusals, ALaneThatThisRunnerHasNot) {
  const auto run = start_trial(subject_request("subject/atomic", Lane::explore));
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.refusal(), "this runner has no explore lane; it was built as " + std::string(name(runner_build())));
}

TEST(Refusals, UnknownArgumentsAreUsage) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {}, {"dance"}, {"describe"}, {"describe", "a", "b"}, {"trial", "{}"}, {"trial", "not json"}}) {
    const auto run = start_runner(arguments);
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_TRUE(run.events.empty());
    EXPECT_NE(run.output.find("usage: chicane-runner"), std::string::npos);
  }
}

#if CHICANE_BUILD_KIND == 1
TEST(Refusals, LibrariesThatTheSanitizerCannotSeeIntoAreNamed) {
  expect_refusal(test_plugin("uninstrumented"), "libchicane_no_plugin_plain.so");
  const auto run =
      start_runner({"describe", test_plugin("uninstrumented"), "--allow-uninstrumented=libchicane_no_plugin_plain.so"});
  EXPECT_EQ(run.exit_code, 0) << run.refusal();
}
#endif

}  // namespace
}  // namespace chicane
