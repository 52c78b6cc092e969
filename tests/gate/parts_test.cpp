#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/gate/duet.h"
#include "harness/gate/live.h"
#include "harness/gate/noise.h"
#include "harness/gate/power.h"

namespace chicane {
namespace {

using testing::HasSubstr;

TEST(DuetOrder, EachPairHasBothSidesAndEitherIsFirstHalfOfTheTime) {
  int baseline_first = 0;
  for (std::uint32_t pair = 0; pair < 1000; ++pair) {
    EXPECT_NE(duet_side(7, 2 * pair), duet_side(7, 2 * pair + 1));
    baseline_first += duet_side(7, 2 * pair) == 0;
  }
  EXPECT_NEAR(baseline_first, 500, 80);
}

TEST(Duet, ARoundIsTheMedianOfItsPairsAndTheFirstPairDoesNotCount) {
  const auto board = std::make_unique<DuetBoard>();
  for (std::uint32_t pair = 0; pair <= 3; ++pair) {
    board->slices[0][pair].region_ns = 1000;
    board->slices[1][pair].region_ns = pair == 0 ? 99'000 : pair == 3 ? 5000 : 1100;
  }
  const auto round = sum_up(*board, 3, Values{{"peak_resident_bytes", 100}, {"latency_p99_ns", 0}},
                            Values{{"peak_resident_bytes", 110}, {"latency_p99_ns", 5}});
  EXPECT_NEAR(round.log_ratios.at("wall_ns_per_operation"), std::log(1.1), 1e-9);
  EXPECT_NEAR(round.log_ratios.at("peak_resident_bytes"), std::log(1.1), 1e-9);
  EXPECT_FALSE(round.log_ratios.contains("latency_p99_ns")) << "a ratio to 0 is none";
  EXPECT_EQ(round.paused_share, 0);
}

// What a paused side used of the CPU, in each of twenty pauses, while the other played for 1000 ns.
double paused_share(const std::vector<std::int64_t>& used) {
  const auto board = std::make_unique<DuetBoard>();
  for (std::uint32_t pair = 0; pair <= used.size(); ++pair) {
    for (auto& side : board->slices) side[pair].region_ns = 1000;
    board->slices[0][pair].paused_cpu_ns = pair == 0 ? 0 : used[pair - 1];
  }
  return sum_up(*board, static_cast<std::uint32_t>(used.size()), {}, {}).paused_share;
}

TEST(Duet, APausedSideThatGoesOnIsSeenAndTimeStolenInAFewPausesIsNot) {
  EXPECT_NEAR(paused_share(std::vector<std::int64_t>(20, 900)), 0.9, 1e-9);
  std::vector<std::int64_t> now_and_then(20, 0), stolen(20, 1);
  for (std::size_t i = 0; i < 20; i += 2) now_and_then[i] = 300;
  for (std::size_t i = 0; i < 20; i += 4) stolen[i] = 4'000'000;
  EXPECT_NEAR(paused_share(now_and_then), 5 * 300.0 / 15'000, 1e-9);
  EXPECT_NEAR(paused_share(stolen), 0.001, 1e-9);
  EXPECT_EQ(paused_share({}), 0);
}

// Plays both sides by itself, without processes.
class Players final : public TrialRunner {
 public:
  std::string crashes;  // this plugin
  TrialOutcome run(const TrialRequest& request, const std::string&, const std::atomic<bool>&) override {
    TrialOutcome outcome;
    outcome.trial.status = TrialStatus::completed;
    outcome.trial.turns = request.turns == 0 ? 300 : request.turns;
    outcome.trial.measures["region_ns"] = 3e6;
    if (request.plugin == crashes) {
      outcome.trial.status = TrialStatus::crashed;
      outcome.findings.push_back({});
      outcome.findings.front().finding.kind = FindingKind::crash;
      outcome.findings.front().finding.evidence.message = "SIGABRT";
    }
    return outcome;
  }
};

TEST(Duet, TheSideThatFailedIsNamedWithWhatItShowed) {
  Players players;
  players.crashes = "new.so";
  DuetPair pair;
  pair.baseline.request.plugin = "old.so";
  pair.candidate.request.plugin = "new.so";
  const std::atomic<bool> stop = false;
  const auto outcome = play_duet(pair, false, 1, players, stop);
  EXPECT_EQ(outcome.failed, DuetSide::candidate);
  EXPECT_THAT(outcome.why, HasSubstr("the candidate: crash: SIGABRT"));
  EXPECT_EQ(outcome.findings.size(), 1u);
  players.crashes = "old.so";
  EXPECT_EQ(play_duet(pair, false, 1, players, stop).failed, DuetSide::baseline);
  players.crashes = "";
  EXPECT_THAT(play_duet(pair, false, 1, players, stop).why, HasSubstr("no pair of slices"));
}

TEST(Duet, ItsPageIsGoneWithIt) {
  std::string path;
  {
    auto file = BoardFile::create();
    ASSERT_TRUE(file) << file.error().message;
    path = file->path();
    EXPECT_TRUE(std::filesystem::exists(path));
    EXPECT_EQ(file->board().next, 0u);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

class OneTurn final : public TrialRunner {
 public:
  double turn_ns = 0;
  std::uint64_t turns = 1;
  TrialOutcome run(const TrialRequest&, const std::string&, const std::atomic<bool>&) override {
    TrialOutcome outcome;
    outcome.trial.status = TrialStatus::completed;
    outcome.trial.turns = turns;
    outcome.trial.measures["region_ns"] = turn_ns * static_cast<double>(turns);
    return outcome;
  }
};

TEST(Slices, AreOfTheLengthAskedForAndLongerForWhatIsSlow) {
  const std::atomic<bool> stop = false;
  const GateAsked asked;
  OneTurn runner;
  DuetPair pair;
  runner.turn_ns = 100;
  runner.turns = 40'000;
  ASSERT_TRUE(size_slices(pair, asked, 1, runner, stop));
  EXPECT_EQ(pair.turns, 30'000u);
  EXPECT_EQ(pair.pairs, 20u);
  runner.turns = 1;
  runner.turn_ns = 1e6;  // a process, say: ten of them
  ASSERT_TRUE(size_slices(pair, asked, 1, runner, stop));
  EXPECT_EQ(pair.turns, 10u);
  EXPECT_LT(pair.pairs, 30u);
  runner.turn_ns = 2e8;  // no slice is shorter than a turn
  ASSERT_TRUE(size_slices(pair, asked, 1, runner, stop));
  EXPECT_EQ(pair.turns, 1u);
  EXPECT_EQ(pair.pairs, 6u);
}

TEST(Noise, IsNamedWithItsFigureAndAQuietHostHasNone) {
  Host host;
  EXPECT_TRUE(noise_in_words(host, 1.0).empty());
  host.during.steal_percent = 7;
  host.during.cpu_pressure_some_percent = 60;
  EXPECT_THAT(noise_in_words(host, 48.0), testing::ElementsAre(HasSubstr("48 %"), HasSubstr("steal")));
}

TEST(Noise, WhatOthersUsedIsWhatIsBusyWithoutOurs) {
  CpuSample begin, end;
  begin.busy_s = 10, begin.all_s = 100, begin.own_s = 1;
  end.busy_s = 20, end.all_s = 120, end.own_s = 5;
  EXPECT_DOUBLE_EQ(*foreign_cpu_percent(begin, end), 30);
  begin.now_s = 0, begin.throttled_s = 1, end.now_s = 10, end.throttled_s = 3;
  EXPECT_DOUBLE_EQ(*throttled_percent(begin, end), 20);
  EXPECT_THAT(noise_in_words({}, 0.0, 20.0), testing::ElementsAre(HasSubstr("20 %")));
  end.busy_s.reset(), end.all_s.reset();
  EXPECT_FALSE(foreign_cpu_percent(begin, end));
  const auto here = sample_cpu();
  EXPECT_TRUE(here.all_s && *here.all_s >= *here.busy_s);
}

TEST(Noise, ALimitOfTheControlGroupIsReadInBothVersions) {
  const auto root = std::filesystem::path(testing::TempDir()) / "chicane_groups";
  const auto write = [&](const std::string& file, const std::string& text) {
    std::filesystem::create_directories((root / file).parent_path());
    std::ofstream(root / file) << text;
  };
  const auto throttled = [&] { return sample_cpu(root.string() + "/").throttled_s; };
  std::filesystem::remove_all(root);
  EXPECT_FALSE(throttled());
  write("sys/fs/cgroup/cpu.stat", "usage_usec 9\nthrottled_usec 2500000\n");
  EXPECT_DOUBLE_EQ(throttled().value(), 2.5) << "as a container sees it";
  write("proc/self/cgroup", "0::/job.slice\n");
  EXPECT_DOUBLE_EQ(throttled().value(), 2.5) << "and whatever path it is told";
  write("sys/fs/cgroup/job.slice/cpu.stat", "throttled_usec 4000000\n");
  EXPECT_DOUBLE_EQ(throttled().value(), 4);
  write("proc/self/cgroup", "9:pids:/\n4:cpu,cpuacct:/jobs/7\n");
  write("sys/fs/cgroup/cpu,cpuacct/jobs/7/cpu.stat", "nr_throttled 3\nthrottled_time 1500000000\n");
  EXPECT_DOUBLE_EQ(throttled().value(), 1.5);
  std::filesystem::remove_all(root);
}

TEST(Power, OfTwoStagesIsTheirProductAndWhatIsDetectableHasThePowerAsked) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal(0, 0.015);
  std::vector<double> seen(16);
  for (auto& value : seen) value = normal(random);
  const TwoStages stages{std::log(1.02), 16, 14, 0.05, 0.01};
  const auto slowdown = detectable_by(seen, stages, 0.95);
  ASSERT_TRUE(slowdown);
  EXPECT_GT(*slowdown, std::log(1.02));
  EXPECT_GE(power_of(seen, *slowdown, stages), 0.93);
  EXPECT_LT(power_of(seen, std::log(1.02), stages), 0.01);
  const TwoStages too_few{std::log(1.02), 16, 6, 0.05, 0.01};
  EXPECT_FALSE(detectable_by(seen, too_few, 0.95)) << "six rounds never reach 1 %";
}

TEST(Power, NoisierRoundsNeedMoreOfThem) {
  std::mt19937_64 random(4);
  std::normal_distribution<double> normal;
  std::vector<double> quiet(12), noisy(12), hopeless(12);
  for (std::size_t i = 0; i < 12; ++i) {
    const double one = normal(random);
    quiet[i] = 0.005 * one, noisy[i] = 0.02 * one, hopeless[i] = 0.5 * one;
  }
  const double margin = std::log(1.02), detect = std::log(1.05);
  const auto few = confirming_rounds(quiet, margin, detect, 0.01, 0.95);
  const auto many = confirming_rounds(noisy, margin, detect, 0.01, 0.95);
  EXPECT_LT(few, many);
  EXPECT_FALSE(may_be_seen(hopeless, margin, detect, 0.05, 0.95, 48));
  EXPECT_TRUE(may_be_seen(quiet, margin, detect, 0.05, 0.95, 12));
}

}  // namespace
}  // namespace chicane
