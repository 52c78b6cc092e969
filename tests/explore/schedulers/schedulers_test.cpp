#include <cmath>
#include <map>
#include <memory>
#include <set>

#include <gtest/gtest.h>

#include "harness/explore/schedulers/pct.h"
#include "harness/explore/schedulers/pos.h"
#include "harness/explore/schedulers/random_walk.h"
#include "harness/explore/schedulers/reads_from.h"
#include "harness/explore/schedulers/round_robin.h"
#include "tests/explore/schedulers/searching.h"

namespace chicane::explore::simulated {
namespace {

std::map<std::string, std::unique_ptr<Scheduler>> all_random() {
  std::map<std::string, std::unique_ptr<Scheduler>> all;
  all["random"] = std::make_unique<RandomWalk>();
  all["round_robin"] = std::make_unique<RoundRobin>();
  all["pos"] = std::make_unique<Pos>();
  for (const std::uint32_t depth : {2U, 3U, 5U}) all["pct " + std::to_string(depth)] = std::make_unique<Pct>(depth);
  all["reads_from"] = std::make_unique<ReadsFromGuided>();
  return all;
}

TEST(Schedulers, NeverLetSpinnersStarveTheOneThatWorks) {
  for (const auto& [name, scheduler] : all_random())
    for (const Program& program :
         {Program(spin_on_flag), Program(spinners), Program(yielding_wait), Program(peterson), Program(spin_unnoticed)})
      for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        const Ran ran = run(program, *scheduler, seed);
        ASSERT_EQ(ran.outcome.ending, Ending::returned) << name << ' ' << seed;
        ASSERT_LT(ran.trace.size(), 5'000U) << name << ' ' << seed;
      }
}

TEST(Schedulers, MakeTheSameScheduleFromTheSameSeed) {
  const auto first = all_random();
  const auto second = all_random();
  for (const auto& [name, scheduler] : first) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const Ran once = run(increments(3, 4), *scheduler, seed);
      const Ran again = run(increments(3, 4), *second.at(name), seed);
      ASSERT_EQ(once.decisions, again.decisions) << name << ' ' << seed;
    }
  }
}

TEST(Pct, KeepsItsPromiseForABugOfDepthTwo) {
  constexpr int before = 8;
  const Program program = deep_pct(before);
  constexpr std::uint64_t schedules = 20'000;
  constexpr double choices = 2 * before + 2 + 1;  // the long thread's steps and its start, while the other waits
  Pct pct(2);
  pct.expect(static_cast<std::uint64_t>(choices));
  std::uint64_t found = 0;
  for (std::uint64_t seed = 1; seed <= schedules; ++seed) found += !run(program, pct, seed_of(1, seed)).outcome.ok();
  const double promised = schedules / (2 * choices);
  EXPECT_GT(static_cast<double>(found), promised - 4 * std::sqrt(promised));
}

TEST(Pct, KeepsItsPromiseForABugOfDepthThree) {
  const Program program = four_turns(4);
  constexpr std::uint64_t schedules = 60'000;
  constexpr double choices = 12;
  Pct pct(3);
  pct.expect(static_cast<std::uint64_t>(choices));
  std::uint64_t found = 0;
  for (std::uint64_t seed = 1; seed <= schedules; ++seed) found += !run(program, pct, seed_of(1, seed)).outcome.ok();
  const double promised = schedules / (2 * choices * choices);
  EXPECT_GT(static_cast<double>(found), promised - 4 * std::sqrt(promised));
}

TEST(Pct, OfDepthOneNeverPreempts) {
  Pct pct(1);
  for (std::uint64_t seed = 1; seed <= 100; ++seed)
    EXPECT_EQ(run(increments(3, 5), pct, seed).outcome.statistics.preemptions, 0U);
}

TEST(Pos, OrdersWhatMattersAtRandomHoweverLongOneThreadIs) {
  // Fifty steps before the one that matters: in a random walk, the other thread is nearly always done by then.
  // then.
  const auto long_first = [](Scheduler& scheduler) {
    int wins = 0;
    for (std::uint64_t seed = 1; seed <= 1'000; ++seed) wins += !run(deep_pct(50), scheduler, seed).outcome.ok();
    return wins;
  };
  Pos pos;
  RandomWalk walk;
  EXPECT_GT(long_first(pos), 10);
  EXPECT_LT(long_first(walk), 3);
}

TEST(ReadsFrom, SeesMorePairsThanRandomOrders) {
  ReadsFromGuided guided;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) run(reorder(5), guided, seed);
  guided.begin(1);                     // takes in the last one
  EXPECT_EQ(guided.pairs_seen(), 4U);  // each of two reads: the value from before, or the write
}

TEST(ReadsFrom, GoesOnFromWhatWasSaved) {
  ReadsFromGuided whole;
  ReadsFromGuided parts;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Ran once = run(treiber_aba, whole, seed);
    const auto saved = parts.save();
    parts = ReadsFromGuided();
    ASSERT_TRUE(parts.load(saved));
    ASSERT_EQ(run(treiber_aba, parts, seed).decisions, once.decisions) << seed;
  }
}

TEST(RoundRobin, HasEightSchedules) {
  RoundRobin round_robin;
  std::set<std::string> different;
  for (std::uint64_t seed = 0; seed < 32; ++seed) {
    std::string order;
    for (const Step& step : run(increments(2, 20), round_robin, seed).trace)
      order += static_cast<char>('a' + step.thread);
    different.insert(order);
  }
  EXPECT_EQ(different.size(), 8U);
}

TEST(RandomOther, TakesEveryAlternativeNowAndThen) {
  Random random(1);
  for (const DecisionKind kind : {DecisionKind::waiter, DecisionKind::read, DecisionKind::timeout,
                                  DecisionKind::spurious, DecisionKind::failure}) {
    std::set<std::uint32_t> seen;
    const bool many = kind == DecisionKind::waiter || kind == DecisionKind::read;
    const OtherChoice choice{kind, many ? 4U : 2U, 0, {}, {}, {}};
    for (int i = 0; i < 200; ++i) seen.insert(random_other(random, choice));
    EXPECT_EQ(seen.size(), choice.alternatives) << name(kind);
    EXPECT_LT(*seen.rbegin(), choice.alternatives);
  }
}

}  // namespace
}  // namespace chicane::explore::simulated
