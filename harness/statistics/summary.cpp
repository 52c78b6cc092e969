// Rounds of the bench lane as medians. Who is ranked is decided here too: speed without a right answer is no speed.
#include "harness/statistics/summary.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "harness/model/hardware.h"

namespace chicane {
namespace {

using Key = std::pair<std::string, Parameters>;

struct Group {
  Key key;
  std::vector<const Trial*> rounds;
  std::string host, build;  // of merged runs
  std::vector<const Trial*> calibrations = {};
};

// Timings of two hosts, or of two builds, are two things: no median is taken over both. Only a run that was merged from
// others can hold them. Hosts with one fingerprint are as good as one, and are named by the first of them.
class Origins {
 public:
  explicit Origins(const Run& run) {
    if (run.merged_from.empty()) return;
    std::map<std::string, std::string> first;  // by fingerprint
    for (const Host& host : run.hosts) hosts_[host.id] = first.try_emplace(host.fingerprint, host.id).first->second;
    several_hosts_ = first.size() > 1;
    merged_ = true;
  }
  std::string host(const Trial& trial) const {
    const auto found = several_hosts_ ? hosts_.find(trial.host) : hosts_.end();
    return found == hosts_.end() ? std::string() : found->second;
  }
  std::string build(const Trial& trial) const { return merged_ ? trial.build.str() : std::string(); }

 private:
  bool merged_ = false, several_hosts_ = false;
  std::map<std::string, std::string> hosts_;
};

// In order of first appearance.
std::vector<Group> groups_of(const Run& run) {
  const Origins origins(run);
  std::vector<Group> groups;
  std::map<std::tuple<Key, std::string, std::string>, std::size_t> positions;
  std::map<std::string, std::set<std::string>> builds;  // by scenario
  const auto counts = [](const Trial& trial) {
    return trial.lane == Lane::bench && trial.status == TrialStatus::completed;
  };
  for (const Trial& trial : run.trials) {
    if (!counts(trial) || trial.calibration) continue;
    Key key{trial.scenario, trial.parameters};
    auto host = origins.host(trial), build = origins.build(trial);
    builds[trial.scenario].insert(build);
    const auto [at, is_new] = positions.try_emplace({key, host, build}, groups.size());
    if (is_new) groups.push_back({std::move(key), {}, std::move(host), std::move(build)});
    groups[at->second].rounds.push_back(&trial);
  }
  for (const Trial& trial : run.trials) {
    if (!counts(trial) || !trial.calibration) continue;
    const Key key{trial.scenario, trial.parameters};
    const auto at = positions.find({key, origins.host(trial), origins.build(trial)});
    if (at != positions.end()) groups[at->second].calibrations.push_back(&trial);
  }
  // Where there is but one build, its name would tell nothing.
  for (Group& group : groups)
    if (builds[group.key.first].size() == 1) group.build.clear();
  return groups;
}

using Which = Values Trial::*;

// Rounds without a value (or with none that is a number) don't count for that name.
std::map<std::string, Estimate> estimates(const std::vector<const Trial*>& rounds, Which which) {
  std::map<std::string, std::vector<double>> by_name;
  for (const Trial* round : rounds)
    for (const auto& [name, value] : round->*which)
      if (std::isfinite(value)) by_name[name].push_back(value);
  std::map<std::string, Estimate> all;
  for (const auto& [name, values] : by_name) all[name] = median_with_interval(values);
  return all;
}

// Kinds of finding by scenario and by scenario × parameters, over all lanes: a race that tsan saw is one in bench too.
class Seen {
 public:
  explicit Seen(const Run& run) {
    for (const Trial& trial : run.trials)
      for (const SeenFinding& seen : trial.findings) {
        const FindingKind kind = kind_of(run, seen.ref);
        by_parameters_[{trial.scenario, trial.parameters}].insert({kind, trial.lane});
        by_scenario_[trial.scenario].insert({kind, trial.lane});
      }
  }
  using Kinds = std::set<std::pair<FindingKind, Lane>>;
  const Kinds& of(const Key& key) const { return find(by_parameters_, key); }
  const Kinds& of(const std::string& scenario) const { return find(by_scenario_, scenario); }

 private:
  // A reference to nothing is somebody's bug; the trial had a finding all the same.
  static FindingKind kind_of(const Run& run, const std::string& ref) {
    std::size_t index = 0;
    const bool is_ref = ref.size() > 1 && ref.front() == 'f' &&
                        std::from_chars(ref.data() + 1, ref.data() + ref.size(), index).ec == std::errc();
    return is_ref && index < run.findings.size() ? run.findings[index].kind : FindingKind::protocol_broken;
  }
  template <typename K>
  static const Kinds& find(const std::map<K, Kinds>& all, const K& key) {
    static const Kinds none;
    const auto found = all.find(key);
    return found == all.end() ? none : found->second;
  }
  std::map<Key, Kinds> by_parameters_;
  std::map<std::string, Kinds> by_scenario_;
};

// Empty: right, as far as this run can tell.
std::string why_not_ranked(const Scenario* scenario, const Key& key, const Seen& seen) {
  if (scenario != nullptr && !scenario->expectation.must.empty())
    return fmt::format("it is declared to show {}", name(scenario->expectation.must.front().kind));
  if (const auto& here = seen.of(key); !here.empty())
    return fmt::format("{} was found ({} lane)", name(here.begin()->first), name(here.begin()->second));
  // With other parameters: a bug is a bug of the scenario, except one that it openly may have.
  for (const auto& [kind, lane] : seen.of(key.first)) {
    const auto is_kind = [kind](const ExpectedFinding& expected) { return expected.kind == kind; };
    if (scenario == nullptr ||
        std::none_of(scenario->expectation.may.begin(), scenario->expectation.may.end(), is_kind))
      return fmt::format("{} was found with other parameters ({} lane)", name(kind), name(lane));
  }
  return {};
}

}  // namespace

std::vector<Summary> summarize(const Run& run) {
  const Seen seen(run);
  std::unordered_map<std::string_view, const Scenario*> scenarios;
  for (const Scenario& scenario : run.scenarios) scenarios.emplace(scenario.id, &scenario);
  std::vector<Summary> summaries;
  for (const Group& group : groups_of(run)) {
    Summary summary;
    summary.scenario = group.key.first;
    summary.parameters = group.key.second;
    summary.oversubscribed = group.rounds.front()->oversubscribed;
    summary.host = group.host;
    summary.build = group.build;
    const auto scenario = scenarios.find(summary.scenario);
    summary.why_not_ranked = why_not_ranked(scenario == scenarios.end() ? nullptr : scenario->second, group.key, seen);
    summary.right = summary.why_not_ranked.empty();
    summary.measures = estimates(group.rounds, &Trial::measures);
    for (const auto& [name, estimate] : estimates(group.calibrations, &Trial::measures))
      if (is_hardware_measure(name)) summary.measures[name] = estimate;
    summary.counters = estimates(group.rounds, &Trial::counters);
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

}  // namespace chicane
