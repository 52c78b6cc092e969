#include "harness/gate/match.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace chicane {
namespace {

using SetOfOne = std::pair<std::string, Parameters>;

std::map<std::string, const Scenario*> by_id(const Campaign& campaign) {
  std::map<std::string, const Scenario*> scenarios;
  for (const auto& scenario : campaign.scenarios) scenarios[scenario.id] = &scenario;
  return scenarios;
}

bool is_last_value(const Scenario& scenario, const Parameters& parameters) {
  return std::ranges::all_of(scenario.axes, [&](const Axis& axis) {
    const auto own = parameters.args.find(axis.name);
    return own == parameters.args.end() || axis.values.empty() || own->second == axis.values.back() ||
           std::ranges::find(axis.values, own->second) == axis.values.end();  // the user's own
  });
}

// As many workers as cores, or as near to that as the scenario allows, from below if possible.
bool is_nearer(std::uint32_t workers, std::uint32_t than, std::uint32_t cores) {
  if ((workers <= cores) != (than <= cores)) return workers <= cores;
  return workers <= cores ? workers > than : workers < than;
}

std::vector<const Plan*> chosen(const Campaign& campaign, const Scenario& scenario, const MatchOptions& options) {
  std::vector<const Plan*> plans;
  for (const auto& plan : campaign.plans)
    if (plan.request.scenario == scenario.id && plan.request.lane == Lane::bench) plans.push_back(&plan);
  if (options.all_parameters || plans.empty()) return plans;
  const Plan* best = nullptr;
  for (const auto* plan : plans) {
    const auto& parameters = plan->request.parameters;
    if (parameters.worker_kind != scenario.worker_kinds.front() || !is_last_value(scenario, parameters)) continue;
    if (best == nullptr || is_nearer(parameters.workers, best->request.parameters.workers, options.cores)) best = plan;
  }
  return {best == nullptr ? plans.front() : best};
}

std::string some_of(const std::vector<std::string>& ids) {
  constexpr std::size_t shown = 3;
  const std::vector<std::string> first(ids.begin(),
                                       ids.begin() + static_cast<std::ptrdiff_t>(std::min(shown, ids.size())));
  return fmt::format("{}{}", fmt::join(first, ", "), ids.size() > shown ? ", …" : "");
}

}  // namespace

Matched match(const Campaign& baseline, const Campaign& candidate, const MatchOptions& options) {
  Matched matched;
  const auto theirs = by_id(candidate);
  const auto ours = by_id(baseline);
  std::map<SetOfOne, const Plan*> theirs_by_key;
  for (const auto& plan : candidate.plans)
    if (plan.request.lane == Lane::bench) theirs_by_key[{plan.request.scenario, plan.request.parameters}] = &plan;
  std::vector<std::string> wrong, programs, fresh;
  for (const auto& scenario : baseline.scenarios) {
    if (!scenario.program.empty()) {
      programs.push_back(scenario.id);
      continue;
    }
    const auto plans = chosen(baseline, scenario, options);
    const auto other = theirs.find(scenario.id);
    const auto miss = [&](const Parameters& parameters, const char* what_is_there) {
      GateEntry entry;
      entry.scenario = scenario.id;
      entry.parameters = parameters;
      entry.verdict = GateVerdict::missing;
      entry.why = other == theirs.end() ? "the candidate has no such scenario" : what_is_there;
      matched.missing.push_back(std::move(entry));
    };
    if (!scenario.outcomes.empty() && (other == theirs.end() || other->second->outcomes.empty()))
      miss({}, "it has no litmus outcomes in the candidate");
    if (plans.empty()) continue;  // a litmus scenario, say
    if (!scenario.expectation.must.empty() || (other != theirs.end() && !other->second->expectation.must.empty())) {
      wrong.push_back(scenario.id);
      continue;
    }
    for (const auto* plan : plans) {
      const auto& parameters = plan->request.parameters;
      const auto at = theirs_by_key.find({scenario.id, parameters});
      if (at == theirs_by_key.end()) {
        miss(parameters, "the candidate has it, but not with these parameters");
        continue;
      }
      matched.pairs.push_back({*plan, *at->second});
      GateSubject subject;
      subject.scenario = scenario.id;
      subject.parameters = parameters;
      for (const auto& expected : scenario.expectation.may)
        subject.may[std::string(name(expected.kind))] = expected.reason;
      matched.subjects.push_back(std::move(subject));
    }
  }
  for (const auto& scenario : candidate.scenarios)
    if (!ours.contains(scenario.id) && scenario.program.empty()) fresh.push_back(scenario.id);
  if (!wrong.empty())
    matched.notes.push_back(
        fmt::format("{} scenarios that must show a finding are not timed ({})", wrong.size(), some_of(wrong)));
  if (!programs.empty())
    matched.notes.push_back(fmt::format("{} programs can't take turns slice by slice and are not compared ({})",
                                        programs.size(), some_of(programs)));
  if (!fresh.empty())
    matched.notes.push_back(fmt::format("{} scenarios are new in the candidate ({})", fresh.size(), some_of(fresh)));
  return matched;
}

}  // namespace chicane
