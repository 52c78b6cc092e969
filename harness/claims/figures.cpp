#include "harness/claims/figures.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace chicane {
namespace {

const Scenario* declared(const Run& run, const std::string& id) {
  const auto found = std::ranges::find(run.scenarios, id, &Scenario::id);
  return found == run.scenarios.end() ? nullptr : &*found;
}

std::int64_t here(const Run& run, std::int64_t value) {
  const auto cores = run.hosts.empty() ? 0 : static_cast<std::int64_t>(run.hosts.front().cores);
  return value == as_many_as_cores ? cores : value == twice_the_cores ? 2 * cores : value;
}

bool is_of(const Run& run, const Trial& trial, const Side& side, const Scenario& scenario) {
  if (trial.scenario.str() != side.scenario || trial.calibration || trial.status != TrialStatus::completed)
    return false;
  if (side.workers != 0 && trial.parameters.workers != side.workers) return false;
  if (scenario.worker_kinds.size() > 1 && trial.parameters.worker_kind != side.kind) return false;
  return std::ranges::all_of(side.args, [&](const auto& arg) {
    const auto own = trial.parameters.args.find(arg.first);
    return own != trial.parameters.args.end() && own->second == here(run, arg.second);
  });
}

}  // namespace

std::string why_not_right(const Run& run, const std::string& scenario) {
  const auto verdict = std::ranges::find_if(
      run.verdicts, [&](const ScenarioVerdict& each) { return each.scenario == scenario && each.lane == Lane::bench; });
  if (verdict == run.verdicts.end()) return fmt::format("{} was not run in the bench lane", scenario);
  if (verdict->verdict == Verdict::pass) return "";
  return fmt::format("{}: {}", scenario, verdict->why);
}

Result<std::vector<RoundFigure>> rounds_of(const Run& run, const Side& side) {
  if (auto why = why_not_right(run, side.scenario); !why.empty()) return failure(std::move(why));
  const auto* scenario = declared(run, side.scenario);
  std::vector<RoundFigure> figures;
  for (const auto& trial : run.trials) {
    if (trial.lane != Lane::bench || scenario == nullptr || !is_of(run, trial, side, *scenario)) continue;
    for (const auto* values_of : {&trial.measures, &trial.counters})
      for (const auto& [name, value] : *values_of)
        if (name == side.figure && std::isfinite(value))
          figures.push_back({trial.host, trial.round, value / side.divided_by});
  }
  if (figures.empty()) return failure(fmt::format("{} was not run with what this takes", side.scenario));
  return figures;
}

Estimate median_of(const std::vector<RoundFigure>& rounds) { return median_with_interval(one_a_round(rounds)); }

Estimate ratio_of(const std::vector<RoundFigure>& above, const std::vector<RoundFigure>& below) {
  const auto paired = ratio_by_round(above, below);
  if (paired.low) return paired;
  auto apart = ratio_of_medians(one_a_round(above), one_a_round(below));
  apart.rounds = paired.rounds;
  return apart;
}

Shown processes_showing(const Run& run, const Side& side, FindingKind kind) {
  Shown shown;
  const auto* scenario = declared(run, side.scenario);
  if (scenario == nullptr) return shown;
  for (const auto& trial : run.trials) {
    if (build_of(trial.lane) != Build::plain || !is_of(run, trial, side, *scenario)) continue;
    ++shown.processes;
    shown.showing += std::ranges::any_of(trial.findings, [&](const SeenFinding& seen) {
      const auto index = seen.ref.size() > 1 ? std::strtoull(seen.ref.c_str() + 1, nullptr, 10) : run.findings.size();
      return index < run.findings.size() && run.findings[index].kind == kind;
    });
  }
  return shown;
}

}  // namespace chicane
