#include "harness/supervisor/campaign.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/journal.h"
#include "harness/supervisor/record.h"

namespace chicane {
namespace {

// Answers at once with what the test wants, and remembers what it was asked.
class FakeRunner final : public TrialRunner {
 public:
  std::function<void(const TrialRequest&, TrialOutcome&)> answer = [](const TrialRequest&, TrialOutcome&) {};
  std::vector<TrialRequest> asked;

  TrialOutcome run(const TrialRequest& request, const std::string&, const std::atomic<bool>&) override {
    const std::scoped_lock lock(mutex_);
    asked.push_back(request);
    TrialOutcome outcome;
    outcome.trial.scenario = request.scenario;
    outcome.trial.lane = request.lane;
    outcome.trial.parameters = request.parameters;
    outcome.trial.status = TrialStatus::completed;
    outcome.trial.turns = request.turns == 0 ? 1000 : request.turns;
    outcome.trial.duration_ns = 1'000'000;
    answer(request, outcome);
    return outcome;
  }

 private:
  std::mutex mutex_;
};

Plan plan(int number, const std::string& scenario, Lane lane, std::uint32_t repetitions) {
  Plan p;
  p.id = "p" + std::to_string(number);
  p.request.scenario = scenario;
  p.request.lane = lane;
  p.repetitions = repetitions;
  return p;
}

Run execute(const std::vector<Plan>& plans, FakeRunner& runner, const std::atomic<bool>& stop, std::uint64_t seed = 7) {
  Campaign campaign;
  campaign.plans = plans;
  Run run;
  run.seed = seed;
  run_campaign(campaign, runner, 2, run, {}, stop);
  return run;
}

const std::atomic<bool> never{false};

TEST(Campaign, BenchCalibratesOnceAndKeepsTheTurns) {
  FakeRunner runner;
  const auto run = execute({plan(0, "a/x", Lane::bench, 3)}, runner, never);
  ASSERT_EQ(run.trials.size(), 4u);
  EXPECT_TRUE(run.trials[0].calibration);
  EXPECT_EQ(runner.asked[0].turns, 0u);
  for (int i = 1; i < 4; ++i) {
    EXPECT_FALSE(run.trials[i].calibration);
    EXPECT_EQ(runner.asked[i].turns, 1000u);
  }
  EXPECT_TRUE(run.complete);
}

TEST(Campaign, BenchRoundsAreInterleavedInAnOrderThatTheSeedDecides) {
  std::vector<Plan> plans;
  for (int i = 0; i < 6; ++i) plans.push_back(plan(i, "a/s" + std::to_string(i), Lane::bench, 4));
  const auto order = [&](std::uint64_t seed) {
    FakeRunner runner;
    const auto run = execute(plans, runner, never, seed);
    std::vector<std::string> names;
    for (const auto& trial : run.trials)
      if (!trial.calibration) names.push_back(trial.scenario);
    return names;
  };
  const auto first = order(1);
  ASSERT_EQ(first.size(), 24u);
  for (int round = 0; round < 4; ++round) {  // each round has every scenario once
    std::vector<std::string> names(first.begin() + round * 6, first.begin() + round * 6 + 6);
    std::sort(names.begin(), names.end());
    EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
  }
  EXPECT_EQ(first, order(1));
  EXPECT_NE(first, order(2));
}

TEST(Campaign, EqualFindingsAreStoredOnce) {
  FakeRunner runner;
  runner.answer = [](const TrialRequest& request, TrialOutcome& outcome) {
    Finding finding;
    finding.kind = FindingKind::data_race;
    finding.fingerprint = request.seed % 2 == 0 ? "even" : "odd";
    outcome.findings.push_back({finding, 3});
  };
  const auto run = execute({plan(0, "a/x", Lane::tsan, 16)}, runner, never);
  EXPECT_EQ(run.trials.size(), 16u);
  EXPECT_LE(run.findings.size(), 2u);
  for (const auto& trial : run.trials) {
    ASSERT_EQ(trial.findings.size(), 1u);
    EXPECT_EQ(trial.findings[0].count, 3u);
    EXPECT_LT(std::stoul(trial.findings[0].ref.substr(1)), run.findings.size());
  }
}

TEST(Record, OfTwoSearchesThatFindTheSameTheFirstPlannedIsToldWhicheverEndsFirst) {
  chicane::Run run;
  const TrialObserver nobody;
  Record record(run, nobody);
  const auto add = [&](Lane lane, std::uint32_t round, const std::string& message) {
    TrialOutcome outcome;
    outcome.trial.scenario = "a/x";
    outcome.trial.lane = lane;
    outcome.findings.push_back({});
    outcome.findings.front().finding.fingerprint = "f";
    outcome.findings.front().finding.evidence.message = message;
    record.add(plan(2, "a/x", lane, 2), round, std::move(outcome));
  };
  add(Lane::explore, 1, "of the second");
  EXPECT_EQ(run.findings.at(0).evidence.message, "of the second");
  add(Lane::explore, 0, "of the first");
  EXPECT_EQ(run.findings.at(0).evidence.message, "of the first");
  add(Lane::explore, 1, "of the second again");
  add(Lane::asan, 0, "of another lane");
  EXPECT_EQ(run.findings.at(0).evidence.message, "of the first");
  EXPECT_EQ(run.findings.size(), 1u);
}

TEST(Campaign, ASearchingLaneVariesPlacementAndSeed) {
  FakeRunner runner;
  execute({plan(0, "a/x", Lane::tsan, 6)}, runner, never);
  std::map<Placement, int> placements;
  std::map<std::uint64_t, int> seeds;
  for (const auto& request : runner.asked) ++placements[request.placement], ++seeds[request.seed];
  EXPECT_EQ(placements.size(), 3u);
  EXPECT_EQ(seeds.size(), 6u);
}

TEST(Campaign, AScenarioThatHangsIsNotRunForEver) {
  FakeRunner runner;
  runner.answer = [](const TrialRequest& request, TrialOutcome& outcome) {
    if (request.scenario == "a/stuck") outcome.trial.status = TrialStatus::timed_out;
  };
  const auto run = execute({plan(0, "a/stuck", Lane::bench, 50), plan(1, "a/stuck", Lane::tsan, 50),
                            plan(2, "a/fine", Lane::bench, 5), plan(3, "a/fine", Lane::tsan, 5)},
                           runner, never);
  const auto count = [&](const std::string& id, Lane lane) {
    return std::count_if(run.trials.begin(), run.trials.end(),
                         [&](const Trial& trial) { return trial.scenario == id && trial.lane == lane; });
  };
  EXPECT_EQ(count("a/stuck", Lane::bench), 3);  // three calibrations, and no round
  EXPECT_LE(count("a/stuck", Lane::tsan), 3);   // one may be in flight when the second ends
  EXPECT_EQ(count("a/fine", Lane::bench), 6);
  EXPECT_EQ(count("a/fine", Lane::tsan), 5);
}

Scenario racy(const std::string& id) {
  Scenario scenario;
  scenario.id = id;
  scenario.expectation.must.push_back({});
  scenario.expectation.must.back().kind = FindingKind::data_race;
  scenario.expectation.must.back().min_workers = 2;
  return scenario;
}

Run search(Lane lane, std::uint32_t repetitions, std::uint32_t workers, FakeRunner& runner,
           std::chrono::nanoseconds budget = {}) {
  Campaign campaign;
  campaign.scenarios = {racy("a/racy")};
  campaign.plans = {plan(0, "a/racy", lane, repetitions)};
  campaign.plans[0].request.parameters.workers = workers;
  campaign.plans[0].budget = budget;
  Run run;
  run.seed = 7;
  run_campaign(campaign, runner, 1, run, {}, never);
  return run;
}

// Answers with the declared race in every `every`th process.
std::function<void(const TrialRequest&, TrialOutcome&)> a_race_in_every(int every) {
  return [every, count = 0](const TrialRequest&, TrialOutcome& outcome) mutable {
    if (++count % every != 0) return;
    Finding finding;
    finding.kind = FindingKind::data_race;
    outcome.findings.push_back({finding, 1});
  };
}

TEST(Campaign, APlanEndsEarlyOnceItHasSeenWhatItMustInThreeProcesses) {
  FakeRunner runner;
  runner.answer = a_race_in_every(2);
  EXPECT_EQ(search(Lane::tsan, 16, 2, runner).trials.size(), 6u);
}

TEST(Campaign, APlanThatMustShowAbsenceGoesOnToItsEnd) {
  FakeRunner runner;
  runner.answer = a_race_in_every(1);
  EXPECT_EQ(search(Lane::tsan, 16, 1, runner).trials.size(), 16u);  // one worker can't race: nothing must be seen
  EXPECT_EQ(search(Lane::bench, 16, 2, runner).trials.size(), 17u);
}

TEST(Campaign, WhatMustBeSeenAndIsRareIsLookedForFourTimesAsLongAndForSeconds) {
  FakeRunner rare;
  rare.answer = a_race_in_every(20);
  EXPECT_EQ(search(Lane::tsan, 8, 2, rare).trials.size(), 20u);  // seen once, after the planned eight
  for (const auto& [process_ms, processes] : {std::pair{1000, 32u}, {100, 50u}, {1, 256u}}) {
    FakeRunner silent;
    silent.answer = [&](const TrialRequest&, TrialOutcome& outcome) {
      outcome.trial.duration_ns = process_ms * 1'000'000;
    };
    EXPECT_EQ(search(Lane::tsan, 8, 2, silent).trials.size(), processes) << process_ms;
  }
  FakeRunner told;  // 1 ms each: the caller's budget says how long to look
  EXPECT_EQ(search(Lane::tsan, 8, 2, told, std::chrono::milliseconds(12)).trials.size(), 12u);
}

TEST(Campaign, OneBadCalibrationCostsNoRound) {
  FakeRunner runner;
  int calibrations = 0;
  runner.answer = [&](const TrialRequest& request, TrialOutcome& outcome) {
    if (request.turns == 0 && ++calibrations == 1) outcome.trial.status = TrialStatus::timed_out;
  };
  const auto run = execute({plan(0, "a/x", Lane::bench, 8)}, runner, never);
  EXPECT_EQ(calibrations, 2);
  EXPECT_EQ(std::ranges::count(run.trials, false, &Trial::calibration), 8);
}

TEST(Campaign, ABudgetGoesOnAfterTheFixedProcesses) {
  FakeRunner runner;
  auto search = plan(0, "a/x", Lane::tsan, 4);
  search.budget = std::chrono::milliseconds(20);  // at 1 ms a trial
  const auto run = execute({search}, runner, never);
  EXPECT_GE(run.trials.size(), 20u);
  EXPECT_LE(run.trials.size(), 22u);
}

TEST(Campaign, StressKeepsItsBudgetWhateverAProcessCosts) {
  for (const std::uint64_t process_ms : {0u, 5u, 20u}) {
    FakeRunner runner;
    std::uint64_t spent = 0;
    runner.answer = [&](const TrialRequest& request, TrialOutcome& outcome) {
      outcome.trial.duration_ns = static_cast<std::int64_t>(request.budget_ns + process_ms * 1'000'000);
      spent += static_cast<std::uint64_t>(outcome.trial.duration_ns);
    };
    auto search = plan(0, "a/x", Lane::stress, 16);
    search.budget = std::chrono::seconds(1);
    search.request.budget_ns = 60'000'000;
    execute({search}, runner, never);
    EXPECT_NEAR(static_cast<double>(spent), 1e9, 0.05e9) << process_ms;
  }
}

TEST(Campaign, StopLeavesARunThatSaysItIsIncomplete) {
  std::atomic<bool> stop{false};
  FakeRunner runner;
  int asked = 0;
  runner.answer = [&](const TrialRequest&, TrialOutcome&) { stop = ++asked == 5; };
  const auto run = execute({plan(0, "a/x", Lane::bench, 50)}, runner, stop);
  EXPECT_FALSE(run.complete);
  EXPECT_EQ(run.trials.size(), 5u);
}

// What of a trial must not depend on where the run was interrupted.
auto identity(const Trial& trial) {
  return std::tuple(trial.plan, trial.round, trial.calibration, trial.seed, trial.turns, trial.placement);
}

// A run as its journal has it, of its first `count` trials; those behind were in flight when it was killed.
Run restored(const Run& run, std::size_t count) {
  std::string text = to_json(JournalHeader{}) + "\n";
  std::set<std::string> written;
  for (std::size_t i = 0; i < count; ++i) {
    JournalLine line{run.trials[i], {}};
    for (const auto& seen : line.trial.findings)
      if (written.insert(seen.ref).second)
        line.found.push_back({seen.ref, run.findings[std::stoul(seen.ref.substr(1))]});
    text += to_json(line) + "\n";
  }
  auto contents = parse_journal(text).value();
  Run again;
  again.seed = run.seed;
  again.trials = std::move(contents.trials);
  again.findings = std::move(contents.findings);
  return again;
}

TEST(Campaign, ResumedAtAnyPointItRunsEveryPlannedTrialOnce) {
  const std::vector<Plan> plans{plan(0, "a/x", Lane::bench, 4), plan(1, "a/y", Lane::bench, 3),
                                plan(2, "a/stuck", Lane::bench, 5), plan(3, "a/x", Lane::tsan, 4),
                                plan(4, "a/y", Lane::tsan, 6)};
  const auto answer = [](const TrialRequest& request, TrialOutcome& outcome) {
    outcome.trial.seed = request.seed;
    outcome.trial.placement = request.placement;
    if (request.turns == 0) outcome.trial.turns = 1000 + request.scenario.size();
    if (request.scenario == "a/stuck" && request.turns != 0) outcome.trial.status = TrialStatus::timed_out;
    Finding finding;
    finding.fingerprint = request.seed % 3 == 0 ? "three" : "other";
    outcome.findings.push_back({finding, 1});
  };
  const auto sorted = [](const chicane::Run& run) {
    std::vector<decltype(identity(run.trials[0]))> all;
    for (const auto& trial : run.trials) all.push_back(identity(trial));
    std::sort(all.begin(), all.end());
    return all;
  };
  Campaign campaign;
  campaign.plans = plans;
  FakeRunner whole_runner;
  whole_runner.answer = answer;
  const auto whole = execute(plans, whole_runner, never);
  ASSERT_TRUE(whole.complete);
  for (std::size_t ended = 0; ended <= whole.trials.size(); ++ended) {
    chicane::Run run;
    run.seed = whole.seed;
    std::atomic<bool> stop{ended == 0};
    FakeRunner first;
    first.answer = answer;
    run_campaign(campaign, first, 2, run, [&](const TrialEnded& e) { stop = e.done >= ended; }, stop);
    run = restored(run, ended);
    FakeRunner second;
    second.answer = answer;
    std::uint32_t done = 0, total = 0;
    run_campaign(campaign, second, 2, run, [&](const TrialEnded& e) { done = e.done, total = e.total; }, never);
    EXPECT_EQ(sorted(run), sorted(whole)) << "resumed after " << ended;
    EXPECT_EQ(second.asked.size(), whole.trials.size() - ended);
    EXPECT_EQ(run.findings.size(), whole.findings.size()) << "resumed after " << ended;
    EXPECT_TRUE(run.complete);
    if (done != 0) {
      EXPECT_EQ(done, total);
    }
  }
}

TEST(Campaign, ProgressCountsWhatIsLeft) {
  FakeRunner runner;
  Campaign campaign;
  campaign.plans = {plan(0, "a/x", Lane::bench, 3), plan(1, "a/x", Lane::tsan, 4)};
  chicane::Run run;
  std::vector<std::uint32_t> done;
  std::uint32_t total = 0;
  run_campaign(
      campaign, runner, 1, run, [&](const TrialEnded& ended) { done.push_back(ended.done), total = ended.total; },
      never);
  EXPECT_EQ(total, 8u);
  EXPECT_EQ(done.size(), 8u);
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
}

}  // namespace
}  // namespace chicane
