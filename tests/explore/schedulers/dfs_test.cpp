#include "harness/explore/schedulers/dfs.h"

#include <functional>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/explore/schedulers/programs.h"

namespace chicane::explore::simulated {
namespace {

std::uint64_t choose(std::uint64_t n, std::uint64_t k) {
  std::uint64_t ways = 1;
  for (std::uint64_t i = 1; i <= k; ++i) ways = ways * (n - k + i) / i;
  return ways;
}

struct Enumerated {
  std::uint64_t schedules = 0;
  std::set<std::string> different;  // by who stepped when
  std::uint64_t findings = 0;
  std::uint64_t most_preemptions = 0;
  bool exhausted = false;
};
Enumerated enumerate(const Program& program, Dfs& dfs, std::uint64_t limit = 50'000) {
  Enumerated all;
  while (!dfs.exhausted() && dfs.gave_up().empty() && all.schedules < limit) {
    const Ran ran = run(program, dfs, 0);
    ++all.schedules;
    std::string order;
    for (const Step& step : ran.trace) order += static_cast<char>('a' + step.thread);
    all.different.insert(order);
    all.findings += ran.outcome.findings.size();
    all.most_preemptions = std::max(all.most_preemptions, ran.outcome.statistics.preemptions);
  }
  all.exhausted = dfs.exhausted();
  return all;
}

// A thread's start is a step too.
TEST(Dfs, MakesEveryInterleavingOnce) {
  for (const int times : {1, 2, 4}) {
    Dfs dfs({.preemptions = std::nullopt, .reduce = false});
    const Enumerated all = enumerate(increments(2, times), dfs);
    const auto steps = static_cast<std::uint64_t>(times + 1);
    EXPECT_TRUE(all.exhausted);
    EXPECT_EQ(all.schedules, choose(2 * steps, steps));
    EXPECT_EQ(all.different.size(), all.schedules);
  }
  Dfs dfs({.preemptions = std::nullopt, .reduce = false});
  EXPECT_EQ(enumerate(increments(3, 2), dfs).schedules, choose(9, 3) * choose(6, 3));
}

// Two threads of n steps in m blocks have m - 2 preemptions: the last block's predecessor ends with its thread.
TEST(Dfs, MakesEveryInterleavingWithinItsBoundOnce) {
  constexpr std::uint64_t n = 6;
  for (std::uint32_t bound = 0; bound <= 4; ++bound) {
    std::uint64_t expected = 0;
    for (std::uint64_t m = 2; m <= bound + 2; ++m)
      expected += 2 * choose(n - 1, (m + 1) / 2 - 1) * choose(n - 1, m / 2 - 1);
    Dfs dfs({.preemptions = bound, .reduce = true});
    const Enumerated all = enumerate(increments(2, static_cast<int>(n) - 1), dfs);
    EXPECT_TRUE(all.exhausted);
    EXPECT_EQ(all.schedules, expected);
    EXPECT_EQ(all.different.size(), expected);
    EXPECT_EQ(all.most_preemptions, bound);
    EXPECT_TRUE(dfs.bound_mattered());
  }
}

TEST(Dfs, SaysThatABoundThatIsNeverReachedDidNotMatter) {
  Dfs dfs({.preemptions = 8, .reduce = true});
  EXPECT_TRUE(enumerate(increments(2, 2), dfs).exhausted);
  EXPECT_FALSE(dfs.bound_mattered());
}

TEST(Dfs, RunsIndependentThreadsInOneOrder) {
  Dfs dfs({.preemptions = std::nullopt, .reduce = true});
  const Enumerated all = enumerate(independent(3, 5), dfs);
  EXPECT_TRUE(all.exhausted);
  EXPECT_EQ(all.schedules, 1U);
}

// The orders of six increments by two threads of three are as many as there are ways to mix them.
TEST(Dfs, RunsEveryOrderOfOperationsThatMatterOnce) {
  Dfs dfs({.preemptions = std::nullopt, .reduce = true});
  const Enumerated all = enumerate(increments(2, 3), dfs);
  EXPECT_TRUE(all.exhausted);
  EXPECT_EQ(all.schedules, choose(6, 3));
}

TEST(Dfs, FindsWhatOneOrderShows) {
  for (const Program& program : {Program(lost_update), Program(lock_order), Program(wait_with_if), Program(treiber_aba),
                                 Program(double_checked), Program(philosophers), Program(three_preemptions)}) {
    Dfs dfs({.preemptions = std::nullopt, .reduce = true});
    const Enumerated all = enumerate(program, dfs);
    EXPECT_TRUE(all.exhausted);
    EXPECT_GT(all.findings, 0U);
  }
}

TEST(Dfs, EndsWhereThreadsSpin) {
  for (const Program& program : {Program(spin_on_flag), Program(spinners), Program(yielding_wait), Program(peterson)}) {
    for (const bool reduce : {true, false}) {
      Dfs dfs({.preemptions = reduce ? std::nullopt : std::optional<std::uint32_t>(2), .reduce = reduce});
      const Enumerated all = enumerate(program, dfs);
      EXPECT_TRUE(all.exhausted);
      EXPECT_EQ(all.findings, 0U);
      EXPECT_TRUE(dfs.spun());
    }
  }
}

TEST(Dfs, GivesUpWhereTheSameChoicesLeadElsewhere) {
  Dfs dfs({.preemptions = std::nullopt, .reduce = false});
  int times = 0;
  while (!dfs.exhausted() && dfs.gave_up().empty() && times < 100) run(increments(2 + times++ % 2, 3), dfs, 0);
  EXPECT_FALSE(dfs.gave_up().empty());
  EXPECT_FALSE(dfs.exhausted());
}

TEST(Dfs, GoesOnFromWhatWasSaved) {
  Dfs whole({.preemptions = std::nullopt, .reduce = true});
  const Enumerated all = enumerate(treiber_aba, whole);
  Dfs dfs({.preemptions = std::nullopt, .reduce = true});
  std::uint64_t schedules = 0;
  while (!dfs.exhausted() && schedules < 10'000) {
    run(treiber_aba, dfs, 0);
    ++schedules;
    const auto saved = dfs.save();
    dfs = Dfs({.preemptions = 7, .reduce = false});
    ASSERT_TRUE(dfs.load(saved));
  }
  EXPECT_EQ(schedules, all.schedules);
}

TEST(Dfs, EstimatesHowMuchThereIs) {
  Dfs dfs({.preemptions = std::nullopt, .reduce = false});
  const Enumerated all = enumerate(increments(2, 5), dfs, 300);
  EXPECT_FALSE(all.exhausted);
  EXPECT_GT(dfs.estimated_schedules(), static_cast<double>(choose(12, 6)) / 4);
  EXPECT_LT(dfs.estimated_schedules(), static_cast<double>(choose(12, 6)) * 4);
}

}  // namespace
}  // namespace chicane::explore::simulated
