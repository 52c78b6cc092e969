#include "harness/gate/outcomes.h"

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "harness/statistics/rank_tests.h"
#include "harness/statistics/shares.h"
#include "harness/supervisor/detection_queue.h"

namespace chicane {
namespace {

constexpr double share_of_alpha = 0.1;

bool is_litmus(const Scenario& scenario) { return !scenario.outcomes.empty() && scenario.program.empty(); }

std::string counted(std::uint64_t seen, std::uint64_t processes) {
  return fmt::format("{} of {} processes", seen, processes);
}

}  // namespace

void OutcomeTally::add(DuetSide side, const Trial& trial) {
  if (trial.lane != Lane::stress || trial.status != TrialStatus::completed || trial.outcomes.empty()) return;
  auto& own = sides_[{trial.scenario.str(), trial.parameters}];
  auto& processes = side == DuetSide::baseline ? own.baseline : own.candidate;
  ++processes.all;
  for (const auto& outcome : trial.outcomes) {
    own.grades[outcome.outcome] = outcome.grade;
    processes.saw[outcome.outcome] += outcome.count > 0;
  }
}

std::vector<GateOutcome> OutcomeTally::outcomes() const {
  std::vector<GateOutcome> result;
  const auto seen_by = [](const Processes& processes, const std::string& outcome) {
    const auto at = processes.saw.find(outcome);
    return at == processes.saw.end() ? 0 : at->second;
  };
  for (const auto& [key, sides] : sides_) {
    const auto& [baseline, candidate, grades] = sides;
    if (baseline.all == 0 || candidate.all == 0) continue;
    for (const auto& [outcome, grade] : grades) {
      GateOutcome one{std::get<0>(key), std::get<1>(key), outcome, grade};
      one.baseline_seen = seen_by(baseline, outcome);
      one.baseline_processes = baseline.all;
      one.candidate_seen = seen_by(candidate, outcome);
      one.candidate_processes = candidate.all;
      if (one.baseline_seen + one.candidate_seen == 0) continue;
      one.p = fisher_greater(one.candidate_seen, one.candidate_processes, one.baseline_seen, one.baseline_processes);
      result.push_back(std::move(one));
    }
  }
  return result;
}

std::vector<std::string> litmus_of_both(const Campaign& baseline, const Campaign& candidate) {
  std::vector<std::string> ids;
  for (const auto& scenario : baseline.scenarios) {
    const auto other = std::ranges::find(candidate.scenarios, scenario.id, &Scenario::id);
    if (is_litmus(scenario) && other != candidate.scenarios.end() && is_litmus(*other)) ids.push_back(scenario.id);
  }
  return ids;
}

OutcomeTally play_litmus(const Campaign& baseline, const Campaign& candidate, std::uint64_t seed, TrialRunner& runner,
                         const std::atomic<bool>& stop) {
  OutcomeTally tally;
  std::mt19937_64 random(seed);
  std::bernoulli_distribution candidate_first;
  for (const auto& ours : baseline.plans) {
    const auto theirs = std::ranges::find_if(candidate.plans, [&](const Plan& plan) {
      return plan.request.scenario == ours.request.scenario && plan.request.parameters == ours.request.parameters &&
             plan.request.lane == ours.request.lane;
    });
    if (ours.request.lane != Lane::stress || theirs == candidate.plans.end()) continue;
    for (std::uint32_t repetition = 0; repetition < ours.repetitions && !stop; ++repetition) {
      std::array sides{std::pair{DuetSide::baseline, &ours}, std::pair{DuetSide::candidate, &*theirs}};
      if (candidate_first(random)) std::swap(sides[0], sides[1]);
      for (const auto& [side, plan] : sides) {
        auto request = plan->request;
        request.placement = placement_of(repetition);
        request.seed = trial_seed(seed, request, repetition);
        auto trial = runner.run(request, plan->runner, stop).trial;
        if (stop) break;
        trial.scenario = request.scenario, trial.lane = request.lane, trial.parameters = request.parameters;
        tally.add(side, trial);
      }
    }
  }
  return tally;
}

std::vector<GateEntry> uncompared(const std::vector<std::string>& ids, const std::vector<GateOutcome>& outcomes) {
  std::vector<GateEntry> entries;
  for (const auto& id : ids) {
    if (std::ranges::find(outcomes, id, &GateOutcome::scenario) != outcomes.end()) continue;
    GateEntry entry;
    entry.scenario = id;
    entry.why = "on one side no process of the stress lane came to its end, so outcomes can't be compared";
    entries.push_back(std::move(entry));
  }
  return entries;
}

OutcomeTally tally_of(const Run& baseline, const Run& candidate) {
  OutcomeTally tally;
  for (const auto& trial : baseline.trials) tally.add(DuetSide::baseline, trial);
  for (const auto& trial : candidate.trials) tally.add(DuetSide::candidate, trial);
  return tally;
}

void judge_outcomes(std::vector<GateOutcome> outcomes, GateResult& result) {
  std::vector<double> p_values;
  for (const auto& outcome : outcomes) p_values.push_back(outcome.p);
  const auto rejected = holm(p_values, share_of_alpha * result.asked.alpha);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto& one = outcomes[i];
    if (one.grade == Grade::forbidden || one.grade == Grade::undeclared) continue;
    const auto candidate = counted(one.candidate_seen, one.candidate_processes);
    const auto baseline = counted(one.baseline_seen, one.baseline_processes);
    if (one.baseline_seen == 0 && rejected[i])
      result.findings.push_back({one.scenario,
                                 Lane::stress,
                                 FindingKind::forbidden_outcome,
                                 "new:" + one.outcome,
                                 fmt::format("the outcome '{}' is new: {} saw it, and {} of the baseline's",
                                             one.outcome, candidate, baseline),
                                 {}});
    else if (one.baseline_seen == 0)
      result.notes.push_back(fmt::format("{}: {} saw the outcome '{}', none of the baseline's {}: too few to tell",
                                         one.scenario, candidate, one.outcome, one.baseline_processes));
    else if (one.candidate_seen == 0)
      result.notes.push_back(fmt::format("{}: {} of the baseline's saw the outcome '{}', none of the candidate's {}",
                                         one.scenario, baseline, one.outcome, one.candidate_processes));
  }
  result.outcomes = std::move(outcomes);
}

}  // namespace chicane
