#include "harness/supervisor/campaign.h"

#include <algorithm>
#include <random>
#include <thread>
#include <vector>

#include "harness/supervisor/detection_queue.h"
#include "harness/supervisor/past.h"
#include "harness/supervisor/record.h"

namespace chicane {
namespace {

// A calibration has no round of its own; its seeds must differ from those of the rounds.
constexpr std::uint32_t calibration_attempts = 3;
constexpr std::uint64_t calibration_repetition = 0xffff'ffff;

constexpr std::size_t most_reserved = 1'000'000;  // trials; a budget may want more repetitions than it has time for

// Timed, each trial alone on the host.
bool is_timed(Lane lane) { return lane == Lane::bench; }

class BenchRounds {
 public:
  BenchRounds(TrialRunner& runner, Record& record, const Past& past, std::uint64_t seed, const std::atomic<bool>& stop)
      : runner_(runner), record_(record), past_(past), seed_(seed), stop_(stop) {}

  void run(const std::vector<const Plan*>& plans) {
    std::vector<Timed> timed;
    for (const auto* plan : plans) {
      if (stop_) return;
      if (const auto turns = calibrate(*plan); turns != 0)
        timed.push_back({plan, turns});
      else
        record_.forget(Lane::bench, plan->repetitions);
    }
    std::mt19937_64 random(seed_);
    std::uint32_t rounds = 0;
    for (const auto& one : timed) rounds = std::max(rounds, one.plan->repetitions);
    for (std::uint32_t round = 0; round < rounds; ++round) {
      std::shuffle(timed.begin(), timed.end(), random);
      for (auto& one : timed) {
        if (stop_) return;
        if (round >= one.plan->repetitions || one.futile >= futile_trials) continue;
        if (const auto* past = past_.find(*one.plan, round)) {
          if (is_futile(past->status)) give_up_when_futile(one, round);
          continue;
        }
        auto request = one.plan->request;
        request.turns = one.turns;
        request.seed = trial_seed(seed_, one.plan->request, round);
        auto outcome = runner_.run(request, one.plan->runner, stop_);
        if (is_futile(outcome.trial.status)) give_up_when_futile(one, round);
        record_.add(*one.plan, round, std::move(outcome));
      }
    }
  }

 private:
  struct Timed {
    const Plan* plan;
    std::uint64_t turns;
    std::uint32_t futile = 0;
  };

  void give_up_when_futile(Timed& timed, std::uint32_t round) {
    if (++timed.futile == futile_trials) record_.forget(Lane::bench, timed.plan->repetitions - round - 1);
  }

  // How many turns fill the slice; 0 when no attempt completed. One bad attempt (a hang that the scenario may show)
  // must not cost all rounds. Known in a resumed run: rounds before and after must do the same work.
  std::uint64_t calibrate(const Plan& plan) {
    for (std::uint32_t attempt = 0; attempt < calibration_attempts && !stop_; ++attempt) {
      const auto* past = past_.find(plan, attempt, true);
      const auto ended = past != nullptr ? *past : calibration_trial(plan, attempt);
      if (ended.status == TrialStatus::completed && ended.turns != 0) return ended.turns;
      if (ended.status == TrialStatus::not_run) return 0;
    }
    return 0;
  }

  Past::Ended calibration_trial(const Plan& plan, std::uint32_t attempt) {
    if (attempt > 0) record_.expect(Lane::bench, 1, 1);
    auto request = plan.request;
    request.turns = 0;
    request.seed = trial_seed(seed_, request, calibration_repetition - attempt);
    auto outcome = runner_.run(request, plan.runner, stop_);
    outcome.trial.calibration = true;
    const Past::Ended ended{outcome.trial.status, outcome.trial.turns, {}, {}};
    record_.add(plan, attempt, std::move(outcome));
    return ended;
  }

  TrialRunner& runner_;
  Record& record_;
  const Past& past_;
  std::uint64_t seed_;
  const std::atomic<bool>& stop_;
};

}  // namespace

void run_campaign(const Campaign& campaign, TrialRunner& runner, std::uint32_t slots, Run& run,
                  const TrialObserver& observer, const std::atomic<bool>& stop) {
  const Past past(run);
  Record record(run, observer);
  // A list that grows by doubling takes up to three times its length; what is reserved and not used costs nothing.
  std::size_t planned = run.trials.size();
  for (const auto& plan : campaign.plans) planned += plan.repetitions + 1;
  run.trials.reserve(std::min(planned, most_reserved));
  std::vector<const Plan*> timed, alone, searched;
  for (const auto& plan : campaign.plans) {
    const auto lane = plan.request.lane;
    (is_timed(lane) ? timed : needs_all_cores(lane) ? alone : searched).push_back(&plan);
  }
  for (const auto* plan : alone) record.expect(plan->request.lane, plan->repetitions, 1);
  for (const auto* plan : searched) record.expect(plan->request.lane, plan->repetitions, slots);

  for (const auto* plan : timed) record.expect(Lane::bench, plan->repetitions + 1, 1);
  record.count_past();

  BenchRounds(runner, record, past, run.seed, stop).run(timed);

  const auto search = [&](const std::vector<const Plan*>& plans, std::uint32_t at_once) {
    DetectionQueue queue(plans, campaign, past, run.seed);
    std::vector<std::jthread> workers;
    for (std::uint32_t slot = 0; slot < at_once; ++slot)
      workers.emplace_back([&] {
        while (!stop) {
          const auto job = queue.next();
          if (!job) return;
          auto outcome = runner.run(job->request, job->plan->runner, stop);
          if (const auto left_out = queue.ended(*job, outcome); left_out != 0)
            record.forget(job->request.lane, left_out);
          record.add(*job->plan, job->round, std::move(outcome));
        }
      });
  };
  search(alone, 1);
  search(searched, std::max(slots, 1u));
  run.complete = !stop;
}

}  // namespace chicane
