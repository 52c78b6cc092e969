#include "harness/claims/claims.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>
#include <vector>

#include <gmock/gmock.h>

#include "harness/claims/figures.h"
#include "harness/claims/tutorials.h"

namespace chicane {
namespace {

using testing::HasSubstr;

// A run made by hand: scenarios that passed, and the figure of each of their rounds.
class Made {
 public:
  Made() {
    run_.hosts.resize(1);
    run_.hosts[0].cores = 2;
  }
  Made& scenario(const std::string& id, Verdict verdict = Verdict::pass, const std::string& why = "") {
    Scenario scenario;
    scenario.id = id;
    scenario.worker_kinds = {WorkerKind::thread};
    run_.scenarios.push_back(scenario);
    ScenarioVerdict judged;
    judged.scenario = id;
    judged.verdict = verdict;
    judged.why = why;
    run_.verdicts.push_back(judged);
    return *this;
  }
  // Ten rounds around a figure, apart by a share of it, in an order that tells nothing of another scenario's.
  Made& rounds(const std::string& id, double figure, double spread = 0.01,
               std::map<std::string, std::int64_t> args = {}, const std::string& measure = "wall_ns_per_operation",
               int count = 10) {
    std::vector<std::uint32_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0u);
    std::ranges::shuffle(order, shuffling_);
    for (int i = 0; i < count; ++i) {
      auto& one = trial(id, args);
      one.round = order[static_cast<std::size_t>(i)];
      one.measures[measure] = figure * (1 + spread * (i - 4.5) / 4.5);
    }
    return *this;
  }
  Made& round(const std::string& id, std::uint32_t number, double figure, const std::string& host = "h0") {
    auto& one = trial(id);
    one.host = host;
    one.round = number;
    one.measures["wall_ns_per_operation"] = figure;
    return *this;
  }
  Trial& trial(const std::string& id, std::map<std::string, std::int64_t> args = {}, std::uint32_t workers = 1) {
    if (std::ranges::find(run_.scenarios, id, &Scenario::id) == run_.scenarios.end()) scenario(id);
    auto& trial = run_.trials.emplace_back();
    trial.scenario = id;
    trial.parameters.args = std::move(args);
    trial.parameters.workers = workers;
    trial.status = TrialStatus::completed;
    return trial;
  }
  Made& wrong(Trial& trial) {
    if (run_.findings.empty()) run_.findings.resize(1), run_.findings[0].kind = FindingKind::wrong_result;
    trial.findings = {{"f0", 1}};
    return *this;
  }
  Claim claim(const std::string& id, const std::string& language = "C++") const {
    for (auto& each : weigh_claims(run_))
      if (each.id == id && each.language == language) return each;
    return {};
  }
  const Run& run() const { return run_; }

 private:
  Run run_;
  std::mt19937 shuffling_{5};
};

Made waiting(double sequential, double threads, double spread = 0.01) {
  Made made;
  made.rounds("waiting/sequential", sequential, spread).rounds("waiting/two-threads", threads, spread);
  return made;
}

TEST(Claims, HoldWhereTheWholeIntervalIsBeyondTheLimit) {
  const auto claim = waiting(200, 100).claim("two-threads-halve-waiting");
  EXPECT_EQ(claim.grade, ClaimGrade::holds);
  EXPECT_NEAR(claim.value.value(), 2, 0.02);
  EXPECT_LT(*claim.low, 2);
  EXPECT_GT(*claim.high, 2);
  EXPECT_THAT(claim.scenarios, testing::ElementsAre("waiting/sequential", "waiting/two-threads"));
}

TEST(Claims, DoNotHoldWhereTheWholeIntervalIsShortOfIt) {
  EXPECT_EQ(waiting(120, 100).claim("two-threads-halve-waiting").grade, ClaimGrade::does_not_hold);
}

TEST(Claims, AreInconclusiveWhereTheIntervalIsOnBothSides) {
  const auto claim = waiting(190, 100, 0.2).claim("two-threads-halve-waiting");
  EXPECT_GE(*claim.value, 1.8) << "the median alone would hold";
  EXPECT_EQ(claim.grade, ClaimGrade::inconclusive);
}

TEST(Claims, WhatDisturbsBothOfARoundCancels) {
  Made made, apart;
  for (std::uint32_t i = 0; i < 12; ++i) {
    const double disturbed = 1 + 0.2 * (i * 5 % 12), own = 1 + 0.004 * i;
    made.round("waiting/sequential", i, 200 * disturbed * own).round("waiting/two-threads", i, 100 * disturbed);
    apart.round("waiting/sequential", i, 200 * disturbed * own, "h0");
    apart.round("waiting/two-threads", i, 100 * disturbed, "h1");
  }
  const auto claim = made.claim("two-threads-halve-waiting");
  EXPECT_EQ(claim.grade, ClaimGrade::holds);
  EXPECT_NEAR(*claim.value, 2.044, 0.001);
  EXPECT_NEAR(*claim.low, 2 * 1.008, 1e-9) << "the third of twelve";
  EXPECT_NEAR(*claim.high, 2 * 1.036, 1e-9);
  EXPECT_EQ(apart.claim("two-threads-halve-waiting").grade, ClaimGrade::inconclusive) << "these are no rounds of both";
}

TEST(Claims, OfShardsAreRatiosOfMedians) {
  Made made;
  for (std::uint32_t i = 0; i < 8; ++i)
    made.round("waiting/sequential", i, 200 + i, "h0").round("waiting/two-threads", i, 100 + i, "h1");
  const auto claim = made.claim("two-threads-halve-waiting");
  EXPECT_EQ(claim.grade, ClaimGrade::holds);
  EXPECT_DOUBLE_EQ(*claim.value, 203.5 / 103.5);
  EXPECT_DOUBLE_EQ(*claim.low, 200.0 / 107) << "from the ends of both";
}

TEST(Claims, TheirIntervalHoldsTheTrueRatioInNineteenOfTwentyRuns) {
  std::mt19937 random(11);
  std::lognormal_distribution<double> host(0, 0.4), left(std::log(3.0), 0.1), right(0, 0.3);
  constexpr int runs = 2000;
  int held = 0;
  for (int run = 0; run < runs; ++run) {
    std::vector<RoundFigure> above, below;
    for (std::uint32_t i = 0; i < 12; ++i) {
      const double disturbed = host(random);
      above.push_back({"h0", i, disturbed * left(random)});
      below.push_back({"h0", i, disturbed * right(random)});
    }
    const auto ratio = ratio_of(above, below);
    held += *ratio.low <= 3 && 3 <= *ratio.high;
  }
  EXPECT_GE(held, runs * 95 / 100);
  EXPECT_LE(held, runs * 975 / 1000) << "wider than it says: of 12 rounds the exact share is 0.961";
}

TEST(Claims, ARoundOfSeveralParametersCountsOnce) {
  std::vector<RoundFigure> above, below;
  for (std::uint32_t i = 0; i < 6; ++i) {
    below.push_back({"h0", i, 1});
    for (const double value : {1.0, 2.0, 9.0}) above.push_back({"h0", i, value});
  }
  const auto ratio = ratio_of(above, below);
  EXPECT_EQ(ratio.rounds, 6);
  EXPECT_EQ(*ratio.low, 2);
  EXPECT_EQ(*ratio.high, 2);
}

TEST(Claims, AValueThatIsNotPositiveLeavesNoIntervalOfRatios) {
  std::vector<RoundFigure> above, below;
  for (std::uint32_t i = 0; i < 8; ++i) {
    above.push_back({"h0", i, i == 3 ? 0.0 : 2.0});
    below.push_back({"h0", i, 1});
  }
  EXPECT_FALSE(ratio_by_round(above, below).low);
  EXPECT_EQ(ratio_by_round(above, below).rounds, 8);
  EXPECT_EQ(*ratio_of(above, below).low, 0) << "of the two medians, from the ends of both";
  above[3].value = 2;
  EXPECT_EQ(*ratio_by_round(above, below).low, 2);
}

TEST(Claims, OfFewRoundsAreInconclusive) {
  Made made;
  made.rounds("waiting/sequential", 200, 0.01, {}, "wall_ns_per_operation", 5).rounds("waiting/two-threads", 100);
  const auto claim = made.claim("two-threads-halve-waiting");
  EXPECT_EQ(claim.grade, ClaimGrade::inconclusive);
  EXPECT_THAT(claim.why, HasSubstr("5 rounds"));
}

TEST(Claims, AreNotMeasuredWithoutTheirScenarioOrWhereItWasWrong) {
  auto made = waiting(200, 100);
  const auto python = made.claim("two-threads-halve-waiting", "CPython");
  EXPECT_EQ(python.grade, ClaimGrade::not_measured);
  EXPECT_THAT(python.why, HasSubstr("python/wait-sequential was not run"));
  Made wrong;
  wrong.scenario("waiting/sequential").scenario("waiting/two-threads", Verdict::fail, "it hung");
  wrong.rounds("waiting/sequential", 200).rounds("waiting/two-threads", 100).rounds("threads/start-join", 1);
  wrong.rounds("processes/fork-wait", 10);
  EXPECT_THAT(wrong.claim("two-threads-halve-waiting").why, HasSubstr("it hung"));
  EXPECT_EQ(wrong.claim("two-threads-halve-waiting").grade, ClaimGrade::not_measured);
  EXPECT_EQ(wrong.claim("processes-cost-more-to-start").grade, ClaimGrade::holds);
}

TEST(Claims, OfARunThatMeasuredNothingForThemAreNone) {
  Made made;
  made.rounds("some/other", 1);
  EXPECT_TRUE(weigh_claims(made.run()).empty());
  EXPECT_TRUE(weigh_choices(made.run()).empty());
}

TEST(Claims, CompareTheParametersThatAreMeant) {
  Made made;
  made.rounds("compute/threads", 100, 0.01, {{"job", 1}, {"threads", 2}});
  made.rounds("compute/threads", 110, 0.01, {{"job", 1}, {"threads", 4}});
  made.rounds("compute/threads", 9, 0.01, {{"job", 2}, {"threads", 4}});
  const auto claim = made.claim("more-than-cores-do-not-help");
  EXPECT_EQ(claim.grade, ClaimGrade::holds);
  EXPECT_NEAR(*claim.value, 0.91, 0.01);
}

TEST(Claims, CalibrationsAndUnfinishedTrialsDoNotCount) {
  auto made = waiting(200, 100);
  for (int i = 0; i < 20; ++i) {
    auto& calibration = made.trial("waiting/two-threads");
    calibration.calibration = true;
    calibration.measures = {{"wall_ns_per_operation", 1.0}};
    auto& stopped = made.trial("waiting/two-threads");
    stopped.status = TrialStatus::timed_out;
    stopped.measures = {{"wall_ns_per_operation", 1.0}};
  }
  EXPECT_NEAR(*made.claim("two-threads-halve-waiting").value, 2, 0.02);
}

TEST(Claims, AnUnlockedCounterLosesUpdatesOnceItWasSeenTo) {
  Made made;
  for (int i = 0; i < 5; ++i) made.trial("counter/unlocked", {}, 2);
  EXPECT_EQ(made.claim("unlocked-loses-updates").grade, ClaimGrade::inconclusive) << "0 of 5: up to 52 %";
  made.trial("counter/unlocked", {}, 2);
  const auto never = made.claim("unlocked-loses-updates");
  EXPECT_EQ(never.grade, ClaimGrade::does_not_hold);
  EXPECT_EQ(never.value, 0);
  EXPECT_EQ(never.low, 0);
  EXPECT_NEAR(*never.high, 45.93, 0.01) << "Clopper and Pearson: 1 - 0.025^(1/6)";
  made.wrong(made.trial("counter/unlocked", {}, 2));
  const auto claim = made.claim("unlocked-loses-updates");
  EXPECT_EQ(claim.grade, ClaimGrade::holds);
  EXPECT_EQ(claim.why, "1 of 7");
}

TEST(Claims, ALockThatCountsWrongHasNoPrice) {
  Made made;
  for (std::uint32_t i = 0; i < 8; ++i)
    for (const auto& [id, time] : {std::pair("counter/locked", 40.0), {"counter/unlocked", 10.0}}) {
      auto& trial = made.trial(id, {}, 2);
      trial.round = i;
      trial.measures = {{"wall_ns_per_operation", time}};
    }
  EXPECT_EQ(made.claim("lock-makes-exact").grade, ClaimGrade::holds);
  EXPECT_EQ(made.claim("lock-makes-exact").value, 4);
  made.wrong(made.trial("counter/locked", {}, 2));
  EXPECT_EQ(made.claim("lock-makes-exact").grade, ClaimGrade::does_not_hold);
  EXPECT_FALSE(made.claim("lock-makes-exact").value);
}

TEST(Claims, ASemaphoreOfTwoAdmitsTwoAndNoThird) {
  for (const auto& [most, grade] :
       {std::pair(1, ClaimGrade::inconclusive), {2, ClaimGrade::holds}, {3, ClaimGrade::does_not_hold}}) {
    Made made;
    made.trial("semaphore/at-most-two").counters = {{"most_inside", static_cast<double>(most)}};
    EXPECT_EQ(made.claim("semaphore-admits-two").grade, grade) << most;
  }
}

// A third one inside fails the scenario's check, so it has no pass in the bench lane: that is the answer, not a gap.
TEST(Claims, ASemaphoreWhoseCheckFailedAdmitsMore) {
  Made made;
  made.scenario("semaphore/at-most-two", Verdict::fail, "wrong_result: most inside");
  made.wrong(made.trial("semaphore/at-most-two"));
  made.trial("semaphore/at-most-two").counters = {{"most_inside", 2}};
  const auto claim = made.claim("semaphore-admits-two");
  EXPECT_EQ(claim.grade, ClaimGrade::does_not_hold);
  EXPECT_EQ(claim.why, "1 of 2 processes failed its check");
}

TEST(Claims, SeparateMemoryIsWhatItsCheckSays) {
  Made made;
  for (int i = 0; i < 5; ++i) made.trial("processes/separate-memory");
  EXPECT_EQ(made.claim("processes-have-separate-memory").grade, ClaimGrade::inconclusive) << "5 of 5: 48 % and more";
  made.trial("processes/separate-memory");
  EXPECT_EQ(made.claim("processes-have-separate-memory").grade, ClaimGrade::holds);
  EXPECT_NEAR(*made.claim("processes-have-separate-memory").low, 54.07, 0.01);
  made.wrong(made.trial("processes/separate-memory"));
  EXPECT_EQ(made.claim("processes-have-separate-memory").grade, ClaimGrade::does_not_hold);
}

TEST(Claims, EveryClaimIsForBothLanguagesOrSaysOnceForWhich) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& claim : tutorial_claims())
    EXPECT_TRUE(seen.insert({claim.id, claim.language}).second) << claim.id << " twice for " << claim.language;
  EXPECT_GE(seen.size(), 26u);
}

const Choice& choice(const std::vector<Choice>& choices, const std::string& work, const std::string& way) {
  return *std::ranges::find_if(
      choices, [&](const Choice& each) { return each.language == "C++" && each.work == work && each.way == way; });
}

TEST(Choices, TheBestIsMarkedOnlyWhereItStandsOut) {
  Made made;
  made.rounds("waiting/sequential", 200).rounds("waiting/two-threads", 100).rounds("waiting/processes", 150);
  auto choices = weigh_choices(made.run());
  EXPECT_TRUE(choice(choices, "waiting", "threads").best);
  EXPECT_FALSE(choice(choices, "waiting", "processes").best);
  EXPECT_NEAR(*choice(choices, "waiting", "threads").relative_time, 0.5, 0.005);
  EXPECT_DOUBLE_EQ(*choice(choices, "waiting", "sequential").relative_time, 1);
  EXPECT_NEAR(*choice(choices, "waiting", "threads").time_ns, 100, 5);
  made.rounds("waiting/coroutines", 100.5);
  choices = weigh_choices(made.run());
  EXPECT_FALSE(choice(choices, "waiting", "threads").best);
  EXPECT_FALSE(choice(choices, "waiting", "coroutines").best);
}

TEST(Choices, TheBestIsFoundRoundByRound) {
  for (const bool in_each_round : {true, false}) {
    Made made;
    for (std::uint32_t i = 0; i < 12; ++i) {
      const double disturbed = 1 + 0.1 * (i * 5 % 12), faster = in_each_round || i % 3 != 0 ? 0.95 : 1.05;
      made.round("waiting/sequential", i, 200 * disturbed).round("waiting/two-threads", i, 100 * disturbed);
      made.round("waiting/coroutines", i, 100 * disturbed * faster);
    }
    const auto choices = weigh_choices(made.run());
    EXPECT_EQ(choice(choices, "waiting", "coroutines").best, in_each_round);
    EXPECT_FALSE(choice(choices, "waiting", "threads").best);
  }
}

TEST(Choices, AWayWithoutAFigureSaysWhy) {
  Made made;
  made.rounds("waiting/sequential", 200).rounds("waiting/two-threads", 100);
  made.rounds("threads/memory", 8192, 0.01, {{"threads", 64}}, "bytes_per_thread");
  const auto choices = weigh_choices(made.run());
  EXPECT_FALSE(choice(choices, start_row, "coroutines").time_ns);
  EXPECT_THAT(choice(choices, start_row, "coroutines").why, HasSubstr("no scenario"));
  EXPECT_THAT(choice(choices, "waiting", "processes").why, HasSubstr("was not run"));
  EXPECT_NEAR(*choice(choices, memory_row, "threads").bytes, 8192, 1);
}

TEST(Choices, AStartHasATimeAndNothingToBeHeldAgainst) {
  Made made;
  made.rounds("threads/start-join", 9000).rounds("processes/fork-wait", 66000);
  const auto choices = weigh_choices(made.run());
  EXPECT_NEAR(*choice(choices, start_row, "threads").time_ns, 9000, 400);
  EXPECT_NEAR(*choice(choices, start_row, "processes").time_ns, 66000, 3000);
  EXPECT_FALSE(choice(choices, start_row, "threads").relative_time);
  EXPECT_FALSE(choice(choices, start_row, "threads").best);
  EXPECT_THAT(choice(choices, start_row, "pool").why, HasSubstr("was not run"));
  EXPECT_THAT(choice(choices, start_row, "coroutines").why, HasSubstr("alone"));
}

}  // namespace
}  // namespace chicane
