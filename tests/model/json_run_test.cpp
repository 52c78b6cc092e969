#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "harness/model/json.h"
#include "tests/model/full_run.h"

namespace chicane {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from << " is not in the text: the test changes nothing";
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}
std::string error_of(const std::string& text) {
  const auto run = parse_run(text);
  return run ? "no error" : run.error().message;
}

TEST(RunJson, EveryMemberComesBack) {
  const auto run = full_run();
  const auto back = parse_run(to_json(run));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, run);
}

TEST(RunJson, AnEmptyRunComesBack) {
  const auto back = parse_run(to_json(chicane::Run{}));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, chicane::Run{});
}

std::string stored(unsigned version) {
  std::ifstream file(fmt::format("{}/run-{}.json", CHICANE_GOLDEN, version));
  EXPECT_TRUE(file) << "no stored file of version " << version << ": every version that was landed keeps one";
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(RunJson, AFileOfEveryVersionThatWasLandedIsStillRead) {
  for (unsigned version = 1; version <= run_schema_version; ++version) {
    const auto text = stored(version);
    EXPECT_THAT(text, HasSubstr(fmt::format(R"("schema": "chicane.run/{}")", version)));
    const auto run = parse_run(text);
    ASSERT_TRUE(run) << "version " << version << ": " << run.error().message;
    EXPECT_FALSE(run->trials.empty());
    // Written again it is of the newest version, and says the same.
    const auto again = to_json(*run);
    EXPECT_THAT(again, HasSubstr(fmt::format(R"("schema": "chicane.run/{}")", run_schema_version)));
    EXPECT_EQ(parse_run(again).value(), *run) << "version " << version;
  }
}

TEST(RunJson, NoStoredFileIsOfAVersionThatNobodyReads) {
  for (const auto& entry : std::filesystem::directory_iterator(CHICANE_GOLDEN)) {
    const auto name = entry.path().filename().string();
    unsigned version = 0;
    if (std::sscanf(name.c_str(), "run-%u.json", &version) != 1) continue;
    EXPECT_LE(version, run_schema_version) << name;
  }
}

TEST(RunJson, AFileOfTheFirstVersionHasWhatItHad) {
  const auto run = parse_run(stored(1));
  ASSERT_TRUE(run) << run.error().message;
  auto then = full_run();  // without what was added since
  for (auto& scenario : then.scenarios) {
    scenario.outcomes.clear(), scenario.time_limit_ns = 0;
    scenario.latency.clear(), scenario.scales_with.clear(), scenario.program.clear();
    scenario.by_hand.clear();
  }
  then.fits.clear(), then.claims.clear(), then.choices.clear(), then.merged_from.clear();
  for (auto& summary : then.summaries) summary.host.clear(), summary.build.clear();
  for (auto& trial : then.trials) {
    trial.outcomes.clear();
    trial.not_looked_for.clear();
    for (auto& worker : trial.workers) worker.migrations.reset();
  }
  for (auto& trial : then.trials) trial.searched = trial.not_counted = Name();
  for (auto& finding : then.findings) {
    finding.evidence.limit_value = finding.evidence.limit_reached = std::nullopt;
    finding.evidence.picture.reset();
    finding.evidence.schedule.clear();
  }
  EXPECT_EQ(*run, then);
}

TEST(RunJson, FramesAndStacksAreStoredOnce) {
  auto run = full_run();
  run.findings.assign(100, full_race());
  const std::string text = to_json(run);
  std::size_t times = 0;
  for (auto at = text.find("UnlockedCounter::work(chicane"); at != std::string::npos;
       at = text.find("UnlockedCounter::work(chicane", at + 1))
    ++times;
  EXPECT_EQ(times, 2u) << "one for each of the two lines";
}

TEST(RunJson, NotANumberIsWrittenAsNullAndReadAsAbsent) {
  auto run = full_run();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  run.trials[0].measures = {{"region_ns", nan}, {"wall_ns_per_operation", -std::numeric_limits<double>::infinity()}};
  run.summaries[0].measures["wall_ns_per_operation"] = {nan, nan, 2.0, 8};
  const std::string text = to_json(run);
  EXPECT_THAT(text, AllOf(HasSubstr(R"("region_ns":null)"), Not(HasSubstr("nan")), Not(HasSubstr("inf"))));
  const auto back = parse_run(text);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_TRUE(back->trials[0].measures.empty());
  const Estimate& estimate = back->summaries[0].measures.at("wall_ns_per_operation");
  EXPECT_TRUE(std::isnan(estimate.median)) << "no number is not 0";
  EXPECT_FALSE(estimate.low.has_value());
  EXPECT_EQ(estimate.high, 2.0);
}

TEST(RunJson, BytesThatAreNoTextAreReplaced) {
  auto run = full_run();
  run.trials[0].output.stderr_tail = std::string("a\xff\xc3(\0b", 6);
  const auto back = parse_run(to_json(run));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->trials[0].output.stderr_tail, std::string("a\xef\xbf\xbd\xef\xbf\xbd(\0b", 10));
}

TEST(RunJson, MembersOfALaterVersionAreKeptOrPassedOver) {
  std::string text = replaced(to_json(full_run()), R"("seed": 42)", R"("seed": 42, "later": {"x": [1]})");
  text = replaced(text, R"("cores":2)", R"("cores":2,"boost":{"mhz":4000})");
  const auto run = parse_run(text);
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->unknown, R"({"later":{"x":[1]},"power":{"joules":[1,2.5,null]}})");
  EXPECT_EQ(parse_run(to_json(*run)).value(), *run);
}

TEST(RunJson, UnknownTextThatIsNoObjectIsLeftOut) {
  chicane::Run run;
  for (const std::string unknown : {"", "{", "[1]", R"({"trials": 7, "schema": 1})"}) {
    run.unknown = unknown;
    EXPECT_EQ(parse_run(to_json(run)).value(), chicane::Run{}) << unknown;
  }
}

TEST(RunJson, ErrorsNameThePath) {
  const std::string text = to_json(full_run());
  EXPECT_EQ(error_of(replaced(text, R"("lane":"tsan","host")", R"("lane":"foo","host")")),
            "trials/0/lane: unknown value 'foo', known: bench, stress, tsan, asan, explore");
  EXPECT_EQ(error_of(replaced(text, R"("round":7)", R"("round":"7")")),
            "trials/0/round: expected a whole number, found string");
  EXPECT_EQ(error_of(replaced(text, R"("round":7)", R"("round":7.5)")),
            "trials/0/round: expected a whole number, found a fraction");
  EXPECT_EQ(error_of(replaced(text, R"("round":7)", R"("round":4294967296)")),
            "trials/0/round: 4294967296 is out of range (0 to 4294967295)");
  EXPECT_EQ(error_of(replaced(text, R"("round":7)", R"("round":-1)")),
            "trials/0/round: -1 is out of range (0 to 4294967295)");
  EXPECT_EQ(error_of(replaced(text, R"("round":7,)", "")), "trials/0/round: is missing");
  EXPECT_EQ(error_of(replaced(text, R"("overlap":0.1)", R"("overlap":[])")),
            "trials/0/counters/overlap: expected a number, found array");
  EXPECT_EQ(error_of(replaced(text, R"("complete": true)", R"("complete": 1)")),
            "complete: expected true or false, found number");
  EXPECT_EQ(error_of(replaced(text, R"("tool": {)", R"("tool": [], "x": {)")), "tool: expected an object, found array");
}

TEST(RunJson, ReferencesToNothingAreErrors) {
  const std::string text = to_json(full_run());
  EXPECT_EQ(error_of(replaced(text, R"("ref":"f0")", R"("ref":"f9")")),
            "trials/0: names finding 'f9', which is not in this file (2 of them)");
  EXPECT_EQ(error_of(replaced(text, R"("tsan","host":"h0")", R"("tsan","host":"h7")")),
            "trials/0: names host 'h7', which is not in this file (1 of them)");
  EXPECT_EQ(error_of(replaced(text, R"("hosts":["h0"])", R"("hosts":["h7"])")),
            "merged_from/0: names host 'h7', which is not in this file (1 of them)");
  EXPECT_EQ(error_of(replaced(text, R"("host":"h0","build":"b0")", R"("host":"h0","build":"b7")")),
            "summaries/0: names build 'b7', which is not in this file (2 of them)");
  EXPECT_EQ(error_of(replaced(text, R"("undeclared":["f1"])", R"("undeclared":["f2"])")),
            "verdicts/0/undeclared/0: names finding 'f2', which is not in this file (2 of them)");
  EXPECT_EQ(error_of(replaced(text, R"("mutexes":[0],"stack":0)", R"("mutexes":[0],"stack":99)")),
            "findings/0/evidence/accesses/0/stack: names stack 99, but this file has 5 of them");
  EXPECT_EQ(error_of(replaced(text, R"("stacks": [)", R"("stacks": [[7],)")),
            "stacks/0: names frame 7, but this file has 6 of them");
  EXPECT_EQ(error_of(replaced(text, R"("id":"f1")", R"("id":"f2")")),
            "findings/1: has the id 'f2', but ids are positions: 'f1'");
}

TEST(RunJson, AnotherSchemaIsRefused) {
  const std::string text = to_json(full_run());
  EXPECT_THAT(error_of(replaced(text, "chicane.run/1", "chicane.run/2")),
              AllOf(HasSubstr("chicane.run/2"), HasSubstr("reads chicane.run/1"), HasSubstr("newer")));
  EXPECT_THAT(error_of(R"({"context": {}, "benchmarks": []})"), HasSubstr("no run of Chicane"));
  EXPECT_THAT(error_of("[]"), HasSubstr("no run of Chicane"));
  EXPECT_THAT(error_of(R"({"schema": "else"})"), HasSubstr("'else' is no run of Chicane"));
}

TEST(RunJson, ATextThatEndsEarlySaysWhere) {
  const std::string text = to_json(full_run());
  const std::size_t end = text.rfind('}');
  for (std::size_t size = 0; size < end; size += 1 + size % 37) {
    EXPECT_THAT(error_of(text.substr(0, size)),
                AllOf(HasSubstr("byte " + std::to_string(size)), HasSubstr("interrupted")))
        << size;
  }
  EXPECT_THAT(error_of(text.substr(0, 100) + "?" + text.substr(100)), HasSubstr("byte "));
}

TEST(RunJson, HostileTextsAreErrors) {
  EXPECT_THAT(error_of(std::string(1'000'000, '[')), HasSubstr("nested deeper than"));
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += R"({"a":)";
  EXPECT_THAT(error_of(deep), HasSubstr("nested deeper than"));
  EXPECT_THAT(error_of("{\"schema\": \"\xff\"}"), HasSubstr("byte"));
  EXPECT_THAT(error_of(std::string("\0\0\0", 3)), HasSubstr("byte 1"));
  const std::string text = to_json(full_run());
  EXPECT_THAT(error_of(replaced(text, "8.3125", "1e999")), Not("no error"));
  EXPECT_THAT(error_of(replaced(text, R"("seed": 42)", R"("seed": 99999999999999999999)")), HasSubstr("seed"));

  std::string huge = R"({"schema": "chicane.run/1", "frames": [{}], "stacks": [[0)";
  for (int i = 0; i < 100'000; ++i) huge += ",0";
  huge += R"(]], "id": "", "started": "", "seed": 0, "complete": true, "tool": {"version": ""}, "command": [],
             "lanes": [], "notes": [], "hosts": [], "builds": [], "scenarios": [], "findings": [{"id": "f0",
             "kind": "crash", "fingerprint": "", "evidence": {"stacks": [{"label": "", "stack": 0})";
  for (int i = 0; i < 1'000; ++i) huge += R"(,{"label": "", "stack": 0})";
  EXPECT_THAT(error_of(huge + "]}}]}"), HasSubstr("larger than 1 GiB"));
}

TEST(RunJson, EveryChangedByteGivesARunOrAnError) {
  const std::string text = to_json(full_run());
  std::size_t refused = 0;
  for (std::size_t i = 0; i < text.size(); i += 11) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ (1 + i % 200));
    const auto run = parse_run(changed);
    if (!run) {
      ++refused;
      EXPECT_FALSE(run.error().message.empty());
    }
  }
  EXPECT_GT(refused, text.size() / 11 / 4) << "most of the text is structure";
}

}  // namespace
}  // namespace chicane
