#include <string>

#include <gmock/gmock.h>

#include "harness/model/json.h"
#include "tests/model/full_run.h"

namespace chicane {
namespace {

using testing::HasSubstr;
using testing::Not;

TrialRequest full_request() {
  TrialRequest request;
  request.plugin = "/a b/plugins/counter.so";
  request.scenario = "counter/unlocked";
  request.lane = Lane::tsan;
  request.parameters = {WorkerKind::process, 3, {{"tasks", -7}}};
  request.seed = 18'446'744'073'709'551'615U;
  request.turns = 12;
  request.budget_ns = 1'000'000'000;
  request.placement = Placement::distinct;
  request.cpus = {0, 1};
  request.allow_uninstrumented = {"libz.so.1"};
  return request;
}

TEST(RunnerJson, ARequestComesBackFromOneLine) {
  const std::string line = to_json(full_request());
  EXPECT_THAT(line, Not(HasSubstr("\n")));
  const auto back = parse_trial_request(line);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, full_request());
}

TEST(RunnerJson, ATrialComesBackFromOneLine) {
  Trial trial = full_trial();
  trial.output.stdout_tail = "two\nlines";
  const std::string line = to_json(trial);
  EXPECT_THAT(line, Not(HasSubstr("\n")));
  const auto back = parse_trial(line);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, trial);
}

TEST(RunnerJson, ADescriptionComesBack) {
  const PluginDescription description{"./counter.so", "counter", Build::asan, "00ff", "gcc 12.2", full_run().scenarios};
  const auto back = parse_plugin_description(to_json(description));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, description);
}

TEST(RunnerJson, EveryEventComesBack) {
  using Kind = RunnerEvent::Kind;
  for (const Kind kind : {Kind::started, Kind::finding, Kind::result, Kind::finished, Kind::refused, Kind::description,
                          Kind::ended_by_detector}) {
    RunnerEvent event;
    event.kind = kind;
    if (kind == Kind::finding) {
      event.finding = full_race();
      event.count = 7;
    }
    if (kind == Kind::result) event.trial = full_trial();
    if (kind == Kind::refused || kind == Kind::ended_by_detector) event.message = "is no Chicane plugin";
    if (kind == Kind::description) event.description = {"a.so", "a", Build::tsan, "", "", full_run().scenarios};
    const std::string line = to_json(event);
    EXPECT_THAT(line, Not(HasSubstr("\n")));
    const auto back = parse_runner_event(line);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->kind, event.kind);
    EXPECT_EQ(back->finding, event.finding);
    EXPECT_EQ(back->count, event.count);
    EXPECT_EQ(back->trial, event.trial);
    EXPECT_EQ(back->message, event.message);
    EXPECT_EQ(back->description, event.description);
  }
}

TEST(RunnerJson, AFindingWithoutACountWasSeenOnce) {
  RunnerEvent event;
  event.kind = RunnerEvent::Kind::finding;
  event.finding = full_race();
  const std::string line = to_json(event);
  EXPECT_THAT(line, Not(HasSubstr("\"count\":")));
  EXPECT_EQ(parse_runner_event(line).value().count, 1u);
}

TEST(TreeJson, ATreeSaysWhatItBuildsAndWhatItCanNot) {
  const auto tree = parse_tree_facts(R"({
    "build" : "tsan", "flags" : "-O1 -g", "plugins" : [ "plugins/a.so" ], "runner" : "bin/chicane-runner", "source" : "/s",
    "gaps" : [ { "scenario" : "pools/tbb", "reason" : "no instrumented oneTBB" } ] })");
  ASSERT_TRUE(tree) << tree.error().message;
  EXPECT_EQ(tree->build, Build::tsan);
  EXPECT_EQ(tree->runner, "bin/chicane-runner");
  EXPECT_THAT(tree->plugins, testing::ElementsAre("plugins/a.so"));
  EXPECT_EQ(tree->source, "/s");
  EXPECT_EQ(tree->flags, "-O1 -g");
  EXPECT_THAT(tree->gaps, testing::ElementsAre(testing::Pair("pools/tbb", "no instrumented oneTBB")));
  EXPECT_THAT(parse_tree_facts("{}").error().message, HasSubstr("build: is missing"));
  EXPECT_THAT(parse_tree_facts("").error().message, HasSubstr("byte 0"));
}

TEST(RunnerJson, GarbageOnTheDescriptorIsAnError) {
  const auto error = [](const std::string& line) {
    const auto event = parse_runner_event(line);
    return event ? "no error" : event.error().message;
  };
  EXPECT_THAT(error(""), HasSubstr("byte 0"));
  EXPECT_THAT(error("hello"), HasSubstr("byte 1"));
  EXPECT_THAT(error("42"), HasSubstr("expected an object, found number"));
  EXPECT_THAT(error("{}"), HasSubstr("event: is missing"));
  EXPECT_THAT(error(R"({"event": "halted"})"),
              HasSubstr("event: unknown value 'halted', known: started, finding, result, finished, refused"));
  EXPECT_THAT(error(R"({"event": "result", "trial": {"id": 3}})"), HasSubstr("trial/id: expected a string"));
  EXPECT_THAT(error(R"({"event": "started"} {"event": "started"})"), HasSubstr("byte"));
  const std::string line = [] {
    RunnerEvent event;
    event.kind = RunnerEvent::Kind::result;
    event.trial = full_trial();
    return to_json(event);
  }();
  for (std::size_t size = 0; size < line.size(); ++size) EXPECT_THAT(error(line.substr(0, size)), HasSubstr("byte"));
}

}  // namespace
}  // namespace chicane
