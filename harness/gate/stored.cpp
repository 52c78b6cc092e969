#include "harness/gate/stored.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "harness/gate/decide.h"
#include "harness/gate/findings.h"
#include "harness/gate/measures.h"
#include "harness/gate/outcomes.h"
#include "harness/statistics/rank_tests.h"

namespace chicane {
namespace {

using SampleKey = std::pair<std::string, Parameters>;
using Samples = std::map<SampleKey, std::map<std::string, std::vector<double>>>;  // logarithms, by measure

Samples samples_of(const Run& run) {
  std::map<std::string, bool> right;
  for (const auto& summary : run.summaries) right.try_emplace(summary.scenario, true).first->second &= summary.right;
  Samples samples;
  for (const auto& trial : run.trials) {
    if (trial.lane != Lane::bench || trial.calibration || trial.status != TrialStatus::completed) continue;
    const auto known = right.find(trial.scenario.str());
    if (known != right.end() && !known->second) continue;  // a wrong result has no speed
    auto& own = samples[{trial.scenario.str(), trial.parameters}];
    for (const auto& [measure, value] : trial.measures)
      if ((measure == time_measure || is_compared_besides_time(measure)) && value > 0)
        own[measure].push_back(std::log(value));
  }
  return samples;
}

std::string host_difference(const Host& a, const Host& b) {
  const auto differs = [](const char* what, const auto& one, const auto& other) {
    return fmt::format("{}: {} and {}", what, one, other);
  };
  if (a.cpu != b.cpu) return differs("CPU", a.cpu, b.cpu);
  if (a.cores != b.cores) return differs("cores", a.cores, b.cores);
  if (a.memory_bytes != b.memory_bytes) return differs("memory in bytes", a.memory_bytes, b.memory_bytes);
  if (a.kernel != b.kernel) return differs("kernel", a.kernel, b.kernel);
  if (a.virtualization != b.virtualization) return differs("virtualization", a.virtualization, b.virtualization);
  return differs("fingerprint", a.fingerprint, b.fingerprint);
}

struct Place {
  std::size_t entry, measure;
  double p_worse, p_better;
  Estimate shift;
  double detect;
};

}  // namespace

GateResult compare_runs(const Run& baseline, const Run& candidate, const GateAsked& asked, const Policy& policy,
                        const std::string& today) {
  GateResult result;
  result.stored = true;
  result.asked = asked;
  result.seed = candidate.seed;
  if (!candidate.hosts.empty()) result.host = candidate.hosts.front();
  result.findings = findings_of(candidate, &baseline);
  judge_outcomes(tally_of(baseline, candidate).outcomes(), result);
  for (auto& words : waive(policy, today, result.findings)) result.notes.push_back(std::move(words));
  result.unjudged = unjudged_by(candidate, policy.must_judge);
  const Host* other_host = nullptr;  // of merged runs, say
  for (const auto* const run : {&baseline, &candidate})
    for (const auto& host : run->hosts)
      if (!baseline.hosts.empty() && host.fingerprint != baseline.hosts.front().fingerprint) other_host = &host;
  if (baseline.hosts.empty() || candidate.hosts.empty() || other_host != nullptr) {
    conclude(result);
    if (result.verdict == GateVerdict::wrong) return result;
    result.verdict = GateVerdict::invalid;
    result.why = baseline.hosts.empty() || candidate.hosts.empty()
                     ? "a run without a host can't be compared"
                     : "the runs are of different hosts, so their times can't be compared (" +
                           host_difference(baseline.hosts.front(), *other_host) + ")";
    return result;
  }
  const auto before = samples_of(baseline), after = samples_of(candidate);
  std::vector<Place> places;
  for (const auto& [key, measures] : before) {
    GateEntry entry;
    entry.scenario = key.first;
    entry.parameters = key.second;
    const auto other = after.find(key);
    const auto is_not_right = [&](const Summary& summary) { return summary.scenario == key.first && !summary.right; };
    if (other == after.end() && std::ranges::any_of(candidate.summaries, is_not_right)) {
      entry.verdict = GateVerdict::not_compared;
      entry.why = "a result that is not right has no speed";
      result.entries.push_back(std::move(entry));
      continue;
    }
    if (other == after.end()) {
      const bool known = std::ranges::find(candidate.scenarios, key.first, &Scenario::id) != candidate.scenarios.end();
      entry.verdict = GateVerdict::missing;
      entry.why = known ? "the candidate's run has no rounds with these parameters"
                        : "the candidate's run has no such scenario";
      result.entries.push_back(std::move(entry));
      continue;
    }
    GateSubject subject;
    subject.scenario = key.first;
    subject.margin = asked.margin;
    subject.detect = asked.detect;
    apply(policy, subject);
    // What a duet can tell, two runs of different times cannot.
    subject.margin = std::max(subject.margin, asked.margin);
    subject.detect = std::max(subject.detect, asked.detect);
    std::vector<std::string> names{time_measure};
    for (const auto& [name, values] : measures)
      if (subject.other_margins.contains(name)) names.push_back(name);
    for (const auto& name : names) {
      const auto ours = measures.find(name), theirs = other->second.find(name);
      if (subject.ignored.contains(name) || ours == measures.end() || theirs == other->second.end()) continue;
      GateMeasure measure;
      measure.name = name;
      measure.margin = name == time_measure ? subject.margin : subject.other_margins.at(name);
      measure.screening_rounds = static_cast<std::uint32_t>(std::min(ours->second.size(), theirs->second.size()));
      const auto shift = hodges_lehmann_shift(theirs->second, ours->second);
      show(measure, shift);
      measure.p_screening = rank_sum_greater(theirs->second, ours->second, std::log1p(measure.margin));
      places.push_back({result.entries.size(), entry.measures.size(), *measure.p_screening,
                        rank_sum_greater(ours->second, theirs->second, std::log1p(measure.margin)), shift,
                        name == time_measure ? subject.detect : measure.margin * detect_in_margins});
      entry.measures.push_back(std::move(measure));
    }
    result.entries.push_back(std::move(entry));
  }
  std::vector<double> worse, better;
  for (const auto& place : places) worse.push_back(place.p_worse), better.push_back(place.p_better);
  const auto is_worse = holm(worse, asked.alpha), is_better = holm(better, asked.alpha);
  const double level = asked.alpha / static_cast<double>(std::max<std::size_t>(places.size(), 1));
  for (std::size_t i = 0; i < places.size(); ++i) {
    auto& measure = result.entries[places[i].entry].measures[places[i].measure];
    const double detect = places[i].detect;
    if (const auto shift = detectable_shift(places[i].shift, std::log1p(measure.margin), level, asked.power))
      measure.detectable = std::exp(*shift);
    if (is_worse[i] || is_better[i]) {
      measure.verdict = is_worse[i] ? GateVerdict::regression : GateVerdict::improved;
      measure.why = fmt::format("{:+.1f} %, beyond the margin of {:g} % (p = {:.2g})", (*measure.ratio - 1) * 100,
                                measure.margin * 100, is_worse[i] ? places[i].p_worse : places[i].p_better);
    } else if (measure.detectable && *measure.detectable <= 1 + detect) {
      measure.verdict = GateVerdict::pass;
    } else {
      measure.why = measure.detectable ? fmt::format("only {:.0f} % or more would be found, and {:.0f} % is asked",
                                                     (*measure.detectable - 1) * 100, detect * 100)
                                       : "too few rounds to find anything";
    }
  }
  for (auto& entry : result.entries) {
    if (entry.measures.empty() && entry.verdict == GateVerdict::inconclusive) {
      entry.verdict = GateVerdict::not_compared;
      entry.why = "the policy ignores all that was measured";
    }
    judge_by_measures(entry);
  }
  result.notes.push_back(
      "these are two runs of different times, not a duet: what the host did in between counts as the "
      "candidate's");
  conclude(result);
  return result;
}

}  // namespace chicane
