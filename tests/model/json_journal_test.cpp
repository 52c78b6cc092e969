#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/journal.h"

namespace chicane {
namespace {

using testing::HasSubstr;

JournalHeader header() {
  return {"r1",
          "2026-01-01T00:00:00Z",
          0xffff'ffff'ffff'fff1u,
          "0.1.0",
          "abc",
          {"chicane", "run", "--quick"},
          "h1",
          {{"b0", "counter", Build::tsan, "12ab", "clang", "-O1"}},
          "00ff",
          24};
}

std::string line(const std::string& plan, std::uint32_t round, std::vector<SeenFinding> seen = {},
                 std::vector<JournalFinding> found = {}) {
  JournalLine written;
  written.trial.id = "t99";
  written.trial.plan = plan;
  written.trial.scenario = "a/x";
  written.trial.round = round;
  written.trial.status = TrialStatus::completed;
  written.trial.findings = std::move(seen);
  written.found = std::move(found);
  return to_json(written) + "\n";
}

Finding race(const std::string& fingerprint) {
  Finding finding;
  finding.kind = FindingKind::data_race;
  finding.fingerprint = fingerprint;
  finding.evidence.accesses.resize(1);
  finding.evidence.accesses[0].stack = {{"work", "x.cpp", 3, 0, "x.so"}};
  return finding;
}

const std::string first = to_json(header()) + "\n";

TEST(JournalFile, IsReadAsItWasWritten) {
  const auto text = first + line("p0", 0, {{"f7", 3}}, {{"f7", race("one")}}) + line("p0", 1, {{"f7", 1}}) +
                    line("p1", 0, {{"f9", 1}}, {{"f9", race("two")}});
  const auto read = parse_journal(text);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->header, header());
  EXPECT_FALSE(read->torn);
  EXPECT_EQ(read->whole_bytes, text.size());
  ASSERT_EQ(read->trials.size(), 3u);
  EXPECT_EQ(read->trials[2].id, "t2");
  ASSERT_EQ(read->findings.size(), 2u);
  EXPECT_EQ(read->findings[1], race("two"));
  EXPECT_EQ(read->trials[1].findings, (std::vector<SeenFinding>{{"f0", 1}}));
  EXPECT_EQ(read->trials[2].findings, (std::vector<SeenFinding>{{"f1", 1}}));
}

TEST(JournalFile, CutAnywhereGivesTheLinesThatAreWhole) {
  const auto text = first + line("p0", 0, {{"f0", 3}}, {{"f0", race("one")}}) + line("p0", 1, {{"f0", 1}});
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const auto cut = text.substr(0, length);
    const auto lines = static_cast<std::size_t>(std::count(cut.begin(), cut.end(), '\n'));
    const auto read = parse_journal(cut);
    ASSERT_EQ(read.has_value(), lines > 0) << length;
    if (!read) continue;
    EXPECT_EQ(read->trials.size(), lines - 1);
    EXPECT_EQ(read->torn, cut.back() != '\n');
    EXPECT_EQ(read->whole_bytes, cut.rfind('\n') + 1);
  }
}

TEST(JournalFile, WhatIsNoJournalIsRefusedWithItsLine) {
  const auto refusal = [](const std::string& text) {
    const auto read = parse_journal(text);
    return read ? std::string() : read.error().message;
  };
  EXPECT_THAT(refusal("\n"), HasSubstr("line 1: no journal"));
  EXPECT_THAT(refusal("{}\n"), HasSubstr("chicane.journal/1"));
  EXPECT_THAT(refusal("{\"schema\":\"chicane.run/1\"}\n"), HasSubstr("the journal is chicane.run/1"));
  EXPECT_THAT(refusal(first + "garbage\n" + line("p0", 0)), HasSubstr("line 2"));
  EXPECT_THAT(refusal(first + std::string(20, '\0') + "\n"), HasSubstr("line 2"));
  EXPECT_THAT(refusal(first + line("p0", 0) + line("p0", 0)),
              HasSubstr("line 3: round 0 of p0 (a/x) is there a second"));
  EXPECT_THAT(refusal(first + line("p0", 0, {{"f3", 1}})), HasSubstr("line 2: refers to finding f3"));
  EXPECT_THAT(refusal(first + line("p0", 0, {}, {{"f3", race("a")}}) + line("p0", 1, {}, {{"f3", race("a")}})),
              HasSubstr("finding f3 is there a second time"));
}

TEST(JournalFile, ATrialOfABuildOrHostThatTheRunWillNotHaveIsRefused) {
  const auto with = [](const std::string& host, const std::string& build) {
    JournalLine written;
    written.trial.plan = "p0";
    written.trial.host = host;
    written.trial.build = build;
    const auto read = parse_journal(first + to_json(written) + "\n");
    return read ? std::string() : read.error().message;
  };
  EXPECT_EQ(with("h0", "b0"), "");
  EXPECT_EQ(with("h0", "b1"), "line 2: names build 'b1', which the first line does not have");
  EXPECT_EQ(with("h1", "b0"), "line 2: names host 'h1', but a journal's trials are of one, 'h0'");
}

}  // namespace
}  // namespace chicane
