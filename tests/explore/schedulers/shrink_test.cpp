#include "harness/explore/shrink.h"

#include <gtest/gtest.h>

#include "harness/explore/schedulers/random_walk.h"
#include "tests/explore/schedulers/searching.h"

namespace chicane::explore::simulated {
namespace {

struct Case {
  const char* name;
  Program program;
  std::uint64_t depth;  // forced choices of the shortest schedule that shows it
  Limits limits;
};

bool same(const Outcome& a, const Outcome& b) {
  return !a.findings.empty() && !b.findings.empty() && a.findings[0].kind == b.findings[0].kind &&
         a.findings[0].name == b.findings[0].name;
}

TEST(Shrink, LeavesAtMostOneForcedChoiceMoreThanTheBugNeeds) {
  const std::vector<Case> cases{
      {"lost update", lost_update, 1, {}},
      {"lock order", lock_order, 1, {}},
      {"philosophers", philosophers, 2, {}},
      {"wait with if", wait_with_if, 2, {}},
      {"aba", treiber_aba, 1, {}},
      {"double checked", double_checked, 1, {}},
      {"three preemptions", three_preemptions, 3, {}},
      {"reorder", reorder(10), 2, {}},
      {"deep", deep_pct(50), 1, {}},
      {"stale", peterson_relaxed, 2, {.relaxed = true}},
  };
  for (const Case& one : cases)
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      SearchOptions options{.seed = seed, .second_pass = false};
      if (one.limits.relaxed) options.memory_model = MemoryModel::relaxed;
      const auto found = search(one.program, options, one.limits);
      ASSERT_TRUE(found) << one.name;
      const TryOut try_out = [&](const NextScheduler& next) {
        while (Scheduler* scheduler = next()) {
          Ran ran = run(one.program, *scheduler, seed, one.limits);
          if (same(ran.outcome, found->ran.outcome))
            return Attempt{true, std::move(ran.decisions), std::move(ran.trace)};
        }
        return Attempt{};
      };
      const Shrunk shrunk = shrink(found->ran.decisions, try_out, {.attempts = 1'000});
      EXPECT_TRUE(shrunk.reproduced) << one.name;
      EXPECT_LE(shrunk.forced_after, one.depth + 1) << one.name << ' ' << seed << " after " << shrunk.attempts;
      EXPECT_LE(shrunk.forced_after, shrunk.forced_before);
      EXPECT_LE(shrunk.attempts, 1'000U);
      // What is left is a stream like any other: replayed, it is the same schedule.
      const Shrunk again = shrink(shrunk.decisions, try_out, {.attempts = 1});
      EXPECT_TRUE(again.reproduced) << one.name;
      EXPECT_EQ(again.decisions, shrunk.decisions) << one.name;
    }
}

TEST(Shrink, GivesBackWhatDoesNotShowTheFindingAgain) {
  const Decisions failing{{DecisionKind::thread, 1, 2}, {DecisionKind::thread, 1, 2}};
  const Shrunk shrunk = shrink(failing, [](const NextScheduler&) { return Attempt{}; });
  EXPECT_FALSE(shrunk.reproduced);
  EXPECT_EQ(shrunk.decisions, failing);
  EXPECT_EQ(shrunk.attempts, 1U);
}

TEST(Shrink, KeepsToItsLimit) {
  RandomWalk walk;
  std::uint64_t seed = 0;
  Ran failing;
  do failing = run(reorder(10), walk, ++seed);
  while (failing.outcome.ok());
  std::uint64_t runs = 0;
  const Shrunk shrunk = shrink(failing.decisions,
                               [&](const NextScheduler& next) {
                                 ++runs;
                                 Ran ran = run(reorder(10), *next(), 1);
                                 return Attempt{!ran.outcome.ok(), std::move(ran.decisions), std::move(ran.trace)};
                               },
                               {.attempts = 7});
  EXPECT_EQ(runs, 7U);
  EXPECT_EQ(shrunk.attempts, 7U);
  EXPECT_TRUE(shrunk.limit_reached);
}

}  // namespace
}  // namespace chicane::explore::simulated
