#include "harness/explore/search/schedule_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chicane::explore {
namespace {

using testing::HasSubstr;

ScheduleFile sample() {
  ScheduleFile file;
  file.found = "read of 4 bytes\nand a second line \\ with a backslash";
  file.kind = "data_race";
  file.fingerprint = "0011223344556677";
  file.scenario = "counter/unlocked";
  file.plugin = "/tmp/a folder/counter.so";
  file.build_id = "abcdef";
  file.workers = 3;
  file.processes = true;
  file.args = {{"n", -4}};
  file.turns = 3;
  file.seed = ~std::uint64_t{0};
  file.strategy = "pct of depth 3";
  file.options.memory_model = MemoryModel::relaxed;
  file.options.spurious_wakeups = true;
  file.steps = 42;
  file.switches = 2;
  file.trace = 0x0123456789abcdef;
  file.learned = {{"counter.so", 0x1f20, "UnlockedCounter::work at unlocked.cpp:11"}, {"libtbb.so.12", 7, ""}};
  file.decisions = {{DecisionKind::thread, 0, 2},
                    {DecisionKind::thread, 0, 2},
                    {DecisionKind::thread, 1, 3},
                    {DecisionKind::read, 2, 4},
                    {DecisionKind::thread, 0, 2}};
  return file;
}

std::string error_of(const std::string& text) {
  const auto parsed = parse_schedule(text);
  return parsed ? "no error" : parsed.error().message;
}
std::string with(const std::string& line) { return "chicane.schedule/1\nscenario: a/b\n" + line + "\nend\n"; }

TEST(ScheduleFile, WhatIsWrittenIsWhatIsRead) {
  const auto file = sample();
  const auto read = parse_schedule(to_text(file));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(to_text(*read), to_text(file));
  EXPECT_EQ(read->found, file.found);
  EXPECT_EQ(read->decisions, file.decisions);
  EXPECT_EQ(read->learned, file.learned);
  EXPECT_EQ(read->args, file.args);
  EXPECT_EQ(read->seed, file.seed);
  EXPECT_EQ(read->trace, file.trace);
  EXPECT_EQ(read->options.memory_model, MemoryModel::relaxed);
  EXPECT_TRUE(read->options.spurious_wakeups);
  EXPECT_TRUE(read->processes);
}

TEST(ScheduleFile, APersonCanReadTheDecisions) {
  const auto text = to_text(sample());
  EXPECT_THAT(text, HasSubstr("thread 0 of 2 times 2\nthread 1 of 3\nread 2 of 4\nthread 0 of 2\nend\n"));
  EXPECT_THAT(text, HasSubstr("learned: counter.so+0x1f20 UnlockedCounter::work at unlocked.cpp:11\n"));
}

TEST(ScheduleFile, AProgramIsItsCommand) {
  ScheduleFile file;
  file.program = {"/bin/a test", "--filter=x y", ""};
  const auto read = parse_schedule(to_text(file));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->program.front(), "/bin/a test");
  EXPECT_EQ(read->program.at(1), "--filter=x y");
}

TEST(ScheduleFile, WhatALaterVersionAddsIsPassedOver) { EXPECT_EQ(error_of(with("mood: good")), "no error"); }

TEST(ScheduleFile, WhatIsNoScheduleIsRefusedWithTheLine) {
  EXPECT_THAT(error_of(""), HasSubstr("empty"));
  EXPECT_THAT(error_of("hello\n"), HasSubstr("first line"));
  EXPECT_THAT(error_of("chicane.schedule/2\n"), HasSubstr("newer"));
  EXPECT_THAT(error_of("chicane.schedule/1\nend\n"), HasSubstr("neither a scenario nor a program"));
  EXPECT_THAT(error_of("chicane.schedule/1\nscenario: a/b\nthread 0 of 2\n"), HasSubstr("cut off"));
  EXPECT_THAT(error_of(with("thread 2 of 2")), HasSubstr("line 3"));
  EXPECT_THAT(error_of(with("thread 0 of 1")), HasSubstr("at least two"));
  EXPECT_THAT(error_of(with("thread 0 of 2 times 0")), HasSubstr("line 3"));
  EXPECT_THAT(error_of(with("thread 0 of 2 times 99999999999999")), HasSubstr("too many"));
  EXPECT_THAT(error_of(with("workers: many")), HasSubstr("no number"));
  EXPECT_THAT(error_of(with("memory-model: tso")), HasSubstr("unknown word"));
  EXPECT_THAT(error_of(with("races: perhaps")), HasSubstr("neither yes nor no"));
  EXPECT_THAT(error_of(with("learned: nowhere")), HasSubstr("MODULE+0xOFFSET"));
  EXPECT_THAT(error_of(with("nonsense")), HasSubstr("neither"));
}

}  // namespace
}  // namespace chicane::explore
