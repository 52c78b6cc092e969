// Limits of what a trial may use: how they are spelled, and real processes that run into them.
#include "harness/supervisor/limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "harness/supervisor/process.h"
#include "harness/supervisor/resource_watch.h"
#include "tests/supervisor/never.h"

namespace chicane {
namespace {

using testing::HasSubstr;

TEST(Limits, SizesAreReadWithTheirUnits) {
  EXPECT_EQ(parse_bytes("4GiB"), 4ull << 30);
  EXPECT_EQ(parse_bytes("1.5MiB"), 3ull << 19);
  EXPECT_EQ(parse_bytes("64KiB"), 65536u);
  EXPECT_EQ(parse_bytes("2GB"), 2'000'000'000u);
  EXPECT_EQ(parse_bytes("100"), 100u);
  EXPECT_EQ(parse_bytes("none"), 0u);
  for (const auto* wrong : {"", "GiB", "0", "-1MiB", "0.5", "4 GiB", "4gib", "nan", "inf", "1e300GiB", "4GiBx"})
    EXPECT_EQ(parse_bytes(wrong), std::nullopt) << wrong;
}

TEST(Limits, SizesAreWrittenAsTheyAreRead) {
  for (const std::uint64_t bytes : {0ull, 1ull, 1000ull, 1024ull, 700ull << 20, 4ull << 30})
    EXPECT_EQ(parse_bytes(bytes_text(bytes)), bytes);
  EXPECT_EQ(bytes_text(4ull << 30), "4GiB");
}

TEST(Limits, AHitSaysWhatWasReachedAndWhatTheLimitIs) {
  EXPECT_EQ(in_words({Resource::memory, 4ull << 30, 5ull << 30}),
            "had 5 GiB of memory resident; its limit is 4 GiB (--limit-memory)");
  EXPECT_EQ(in_words({Resource::processes, 100, 120}),
            "had 120 processes at once; its limit is 100 (--limit-processes)");
}

TEST(Limits, TheUsualOnesLeaveRoomForTenThousandThreads) {
  const auto usual = default_limits();
  EXPECT_GT(usual.threads, 10'000u + 1000u);
  EXPECT_GE(usual.memory_bytes, 1ull << 30);
}

Result<ProcessOutcome> shell(const std::string& script, const ResourceLimits& limits, bool kept = true) {
  ProcessRequest request;
  request.command = {"/bin/sh", "-c", script};
  request.limits = limits;
  if (kept) request.keeper = CHICANE_KEEPER;
  return run_process(request, never);
}

void expect_hit(const Result<ProcessOutcome>& outcome, Resource resource, std::uint64_t limit) {
  ASSERT_TRUE(outcome);
  ASSERT_TRUE(outcome->limit_hit);
  EXPECT_EQ(outcome->limit_hit->resource, resource);
  EXPECT_EQ(outcome->limit_hit->limit, limit);
  EXPECT_GT(outcome->limit_hit->reached, limit);
  EXPECT_TRUE(outcome->limit_hit->ended);
  EXPECT_FALSE(outcome->timed_out);
  EXPECT_FALSE(outcome->exit_code) << "it was not ended";
}

// Each script waits for ever once it uses too much: without the limit, the test would time out.
const std::string for_ever = "sleep 1000; sleep 1000";

TEST(Limits, TooMuchOutputEndsIt) {
  expect_hit(shell("yes", {.output_bytes = 1 << 20}), Resource::output, 1 << 20);
  expect_hit(shell("yes >&2", {.output_bytes = 1 << 20}, false), Resource::output, 1 << 20);
}

TEST(Limits, TooManyProcessesEndIt) {
  const auto many = "for i in 1 2 3 4 5 6 7 8 9; do sleep 1000 & done; " + for_ever;
  expect_hit(shell(many, {.processes = 5}), Resource::processes, 5);
  expect_hit(shell(many, {.processes = 5}, false), Resource::processes, 5);
}

TEST(Limits, ProcessesOfOtherSessionsCount) {
  const auto many = "for i in 1 2 3 4 5 6 7 8 9; do (setsid sleep 1000 &) ; done; " + for_ever;
  expect_hit(shell(many, {.processes = 5}), Resource::processes, 5);
}

Result<ProcessOutcome> python(const std::string& program) {
  ProcessRequest request;
  request.command = {"/usr/bin/env", "python3", "-c", program};
  request.limits = {.memory_bytes = 200 << 20};
  request.keeper = CHICANE_KEEPER;
  return run_process(request, never);
}

TEST(Limits, WhatForkedProcessesShareCountsOnce) {
  const auto outcome = python(
      "import os, time; kept = bytearray(b'x' * (60 << 20)); parent = os.getpid(); "
      "[os.fork() for _ in range(5) if os.getpid() == parent]; time.sleep(0.5)");
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->limit_hit);
  EXPECT_EQ(outcome->exit_code, 0);
}

TEST(Limits, WhatEachForkedProcessHasForItselfAddsUp) {
  expect_hit(python("import os, time; parent = os.getpid(); [os.fork() for _ in range(5) if os.getpid() == "
                    "parent]; own = bytearray(b'x' * (60 << 20)); time.sleep(1000)"),
             Resource::memory, 200 << 20);
}

TEST(Limits, TooManyFilesEndIt) {
  expect_hit(shell("for i in 5 6 7 8 9; do eval \"exec $i</dev/null\"; done; " + for_ever, {.files = 8}),
             Resource::files, 8);
}

TEST(Limits, TooManyThreadsEndItWhicheverProcessHasThem) {
  expect_hit(shell("sleep 1000 & sleep 1000 & " + for_ever, {.threads = 2}), Resource::threads, 2);
}

TEST(Limits, MemoryOfAllProcessesCounts) {
  // dd holds its block; each of them alone is below the limit.
  const auto script =
      "for i in 1 2 3 4; do dd bs=40M count=1 if=/dev/zero 2>/dev/null | sleep 1000 & done; " + for_ever;
  expect_hit(shell(script, {.memory_bytes = 100u << 20}), Resource::memory, 100u << 20);
}

TEST(Limits, WhatTheKernelRemembersOfAShortBurstIsSeenAtItsEnd) {
  rusage own{};
  getrusage(RUSAGE_SELF, &own);
  const auto limit = (static_cast<std::uint64_t>(own.ru_maxrss) + 50'000) * 1024;
  const auto block = limit + (50u << 20);
  const auto outcome = shell("exec dd bs=" + std::to_string(block) + " count=1 if=/dev/zero of=/dev/null 2>/dev/null",
                             {.memory_bytes = limit});
  ASSERT_TRUE(outcome && outcome->limit_hit);  // by a look while it ran, or at its end
  EXPECT_EQ(outcome->limit_hit->resource, Resource::memory);
}

TEST(Limits, WhatStaysBelowEndsByItself) {
  const auto outcome =
      shell("sleep 0 & yes | head -c 1000; wait; exit 3",
            {.memory_bytes = 1u << 30, .output_bytes = 2000, .processes = 20, .threads = 20, .files = 200});
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->limit_hit);
  EXPECT_EQ(outcome->exit_code, 3);
}

TEST(ResourceUse, CountsThisProcessAndItsThreads) {
  const auto use = resource_use(getpid(), true);
  EXPECT_EQ(use.processes, 1u);
  EXPECT_GE(use.threads, 1u);
  EXPECT_GE(use.files, 3u);
  EXPECT_GT(use.memory_bytes, 1u << 20);
}

}  // namespace
}  // namespace chicane
