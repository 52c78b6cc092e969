#include "harness/claims/claims.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>

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
  // Ten rounds around a figure, apart by a share of it.
  Made& rounds(const std::string& id, double figure, double spread = 0.01,
               std::map<std::string, std::int64_t> args = {}, const std::string& measure = "wall_ns_per_operation",
               int count = 10) {
    for (int i = 0; i < count; ++i) trial(id, args).measures[measure] = figure * (1 + spread * (i - 4.5) / 4.5);
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
};

Made waiting(double sequential, double threads, double spread = 0.01) {
  Made made;
  made.rounds("waiting/sequential", sequential, spread).rounds("waiting/two-threads", threads, spread);
  return made;
}

TEST(Claims, HoldWhereTheWholeIntervalIsBeyondTheLimit) {
  const auto claim = waiting(200, 100).claim("two-threads-halve-waiting");
  EXPECT_EQ(claim.grade, ClaimGrade::holds);
  EXPECT_DOUBLE_EQ(claim.value.value(), 2);
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

TEST(Claims, OfFewRoundsAreInconclusive) {
  Made made;
  made.rounds("waiting/sequential", 200, 0.01, {}, "wall_ns_per_operation", 6).rounds("waiting/two-threads", 100);
  const auto claim = made.claim("two-threads-halve-waiting");
  EXPECT_EQ(claim.grade, ClaimGrade::inconclusive);
  EXPECT_THAT(claim.why, HasSubstr("6 rounds"));
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
  EXPECT_DOUBLE_EQ(*made.claim("two-threads-halve-waiting").value, 2);
}

TEST(Claims, AnUnlockedCounterLosesUpdatesOnceItWasSeenTo) {
  Made made;
  for (int i = 0; i < 8; ++i) made.trial("counter/unlocked", {}, 2);
  EXPECT_EQ(made.claim("unlocked-loses-updates").grade, ClaimGrade::does_not_hold);
  made.wrong(made.trial("counter/unlocked", {}, 2));
  const auto claim = made.claim("unlocked-loses-updates");
  EXPECT_EQ(claim.grade, ClaimGrade::holds);
  EXPECT_EQ(claim.why, "1 of 9");
}

TEST(Claims, ALockThatCountsWrongHasNoPrice) {
  Made made;
  for (int i = 0; i < 8; ++i) {
    made.trial("counter/locked", {}, 2).measures = {{"wall_ns_per_operation", 40.0}};
    made.trial("counter/unlocked", {}, 2).measures = {{"wall_ns_per_operation", 10.0}};
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

TEST(Claims, SeparateMemoryIsWhatItsCheckSays) {
  Made made;
  for (int i = 0; i < 8; ++i) made.trial("processes/separate-memory");
  EXPECT_EQ(made.claim("processes-have-separate-memory").grade, ClaimGrade::holds);
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
  EXPECT_DOUBLE_EQ(*choice(choices, "waiting", "threads").relative_time, 0.5);
  EXPECT_DOUBLE_EQ(*choice(choices, "waiting", "sequential").relative_time, 1);
  EXPECT_NEAR(*choice(choices, "waiting", "threads").time_ns, 100, 5);
  made.rounds("waiting/coroutines", 100.5);
  choices = weigh_choices(made.run());
  EXPECT_FALSE(choice(choices, "waiting", "threads").best);
  EXPECT_FALSE(choice(choices, "waiting", "coroutines").best);
}

TEST(Choices, AWayWithoutAFigureSaysWhy) {
  Made made;
  made.rounds("waiting/sequential", 200).rounds("waiting/two-threads", 100);
  made.rounds("threads/memory", 8192, 0.01, {{"threads", 64}}, "bytes_per_thread");
  const auto choices = weigh_choices(made.run());
  EXPECT_FALSE(choice(choices, "CPU-bound", "coroutines").relative_time);
  EXPECT_THAT(choice(choices, "CPU-bound", "coroutines").why, HasSubstr("one thread"));
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
