#include "harness/gate/history/entry.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chicane {
namespace {

using testing::HasSubstr;

Run complete_run() {
  Run run;
  run.id = "r1";
  run.started = "2026-01-01T00:00:00Z";
  run.ended = "2026-01-01T00:01:00Z";
  run.complete = true;
  run.tool_version = "0.1.0";
  auto& host = run.hosts.emplace_back();
  host.id = "h0";
  host.fingerprint = "f00";
  host.cpu = "a CPU";
  run.builds.push_back({"b0", "counter", Build::plain, "abc", "clang", ""});
  Summary summary;
  summary.scenario = "counter/locked";
  summary.parameters.workers = 2;
  summary.measures["wall_ns_per_operation"] = {23, 22, 24, 12};
  summary.measures["nothing"] = {std::numeric_limits<double>::quiet_NaN(), {}, {}, 12};
  summary.counters["found"] = {-0.0, {}, std::numeric_limits<double>::infinity(), 3};
  run.summaries.push_back(summary);
  run.verdicts.push_back({"counter/locked", Lane::bench, Verdict::pass, "", {}, {}, {}, {}});
  return run;
}

TEST(HistoryEntry, HasTheFiguresAndVerdictsOfARun) {
  const auto entry = history_run(complete_run(), "c1", "2026-01-02T00:00:00Z");
  ASSERT_TRUE(entry) << entry.error().message;
  EXPECT_EQ(entry->id, "r1");
  EXPECT_EQ(entry->commit, "c1");
  EXPECT_EQ(entry->host, "f00");
  EXPECT_EQ(entry->added, "2026-01-02T00:00:00Z");
  ASSERT_EQ(entry->builds.size(), 1U);
  EXPECT_EQ(entry->builds[0].build_id, "abc");
  ASSERT_EQ(entry->values.size(), 2U) << "a median that is no number is none";
  EXPECT_EQ(entry->values[0].measure, "wall_ns_per_operation");
  EXPECT_EQ(entry->values[0].value, (Estimate{23, 22, 24, 12}));
  EXPECT_EQ(entry->values[1].measure, "counters.found");
  EXPECT_FALSE(std::signbit(entry->values[1].value.median));
  EXPECT_FALSE(entry->values[1].value.high);
  ASSERT_EQ(entry->verdicts.size(), 1U);
  EXPECT_EQ(entry->verdicts[0].verdict, Verdict::pass);
}

std::string refusal(const Run& run) {
  const auto entry = history_run(run, "c1", "now");
  return entry ? "accepted" : entry.error().message;
}

TEST(HistoryEntry, IsRefusedWhereASeriesCouldNotUseIt) {
  auto run = complete_run();
  run.complete = false;
  EXPECT_THAT(refusal(run), HasSubstr("not complete"));
  EXPECT_THAT(refusal(run), HasSubstr("--resume"));
  run = complete_run();
  run.hosts.push_back(run.hosts.front());
  EXPECT_THAT(refusal(run), HasSubstr("2 hosts"));
  run = complete_run();
  run.hosts.clear();
  EXPECT_THAT(refusal(run), HasSubstr("0 hosts"));
  run = complete_run();
  run.hosts.front().fingerprint.clear();
  EXPECT_THAT(refusal(run), HasSubstr("fingerprint"));
  run = complete_run();
  run.id.clear();
  EXPECT_THAT(refusal(run), HasSubstr("no id"));
  run = complete_run();
  run.summaries.clear();
  EXPECT_EQ(refusal(run), "accepted") << "verdicts are kept too";
  run.verdicts.clear();
  EXPECT_THAT(refusal(run), HasSubstr("nothing to keep"));
  run = complete_run();
  run.summaries.push_back(run.summaries.front());
  EXPECT_THAT(refusal(run), HasSubstr("two summaries of counter/locked"));
}

}  // namespace
}  // namespace chicane
