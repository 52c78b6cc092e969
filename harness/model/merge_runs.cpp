#include "harness/model/merge_runs.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/model/mixing.h"
#include "harness/model/severity.h"

namespace chicane {
namespace {

template <typename T>
void add_new(std::vector<T>& all, const std::vector<T>& more) {
  for (const auto& each : more)
    if (std::ranges::find(all, each) == all.end()) all.push_back(each);
}

struct Told {  // a verdict and whose it is
  std::string name;
  ScenarioVerdict verdict;
};

std::vector<VerdictDetail> worst_details(const std::vector<Told>& told) {
  std::map<Parameters, VerdictDetail> all;
  for (const auto& each : told)
    for (const auto& detail : each.verdict.detail) {
      const auto [at, is_new] = all.try_emplace(detail.parameters, detail);
      if (is_new) continue;
      const auto trials = at->second.trials + detail.trials;
      if (severity(detail.verdict) > severity(at->second.verdict)) at->second = detail;
      at->second.trials = trials;
    }
  std::vector<VerdictDetail> details;
  for (auto& [parameters, detail] : all) details.push_back(std::move(detail));
  return details;
}

// "b.json: declared, but not seen in 8 processes; pass in a.json"
std::string whose(const std::vector<Told>& told, const Told& worst) {
  std::map<int, std::vector<std::string>, std::greater<>> others;
  for (const auto& each : told)
    if (&each != &worst) others[severity(each.verdict.verdict)].push_back(each.name);
  auto text = fmt::format("{}: {}", worst.name, worst.verdict.why);
  for (const auto& [bad, names] : others) {
    const auto same =
        std::ranges::find_if(told, [bad](const Told& each) { return severity(each.verdict.verdict) == bad; });
    text += fmt::format("; {} in {}", bad == severity(worst.verdict.verdict) ? "likewise" : name(same->verdict.verdict),
                        fmt::join(names, ", "));
  }
  return text;
}

ScenarioVerdict worst_of(std::vector<Told> told) {
  if (told.size() == 1) return std::move(told.front().verdict);
  const auto& worst = *std::ranges::max_element(
      told, {}, [](const Told& each) { return severity(each.verdict.verdict); });  // the first of the worst
  auto verdict = worst.verdict;
  verdict.why = whose(told, worst);
  verdict.confidence.processes = 0, verdict.confidence.operations = 0;
  verdict.declared.clear(), verdict.undeclared.clear();
  for (const auto& each : told) {
    verdict.confidence.processes += each.verdict.confidence.processes;
    verdict.confidence.operations += each.verdict.confidence.operations;
    add_new(verdict.declared, each.verdict.declared);
    add_new(verdict.undeclared, each.verdict.undeclared);
  }
  if (!verdict.confidence.says.empty()) verdict.confidence.says = worst.name + ": " + verdict.confidence.says;
  verdict.detail = worst_details(told);
  return verdict;
}

class Merger {
 public:
  Result<void> add(NamedRun named) {
    auto& run = named.run;
    if (auto once = take_identity(named); !once) return once;
    names_.push_back(named.name);
    add_hosts(run);
    add_origin(named);
    add_builds(run);
    add_scenarios(named);
    add_findings(run);
    add_trials(run);
    add_verdicts(named);
    for (auto& gap : run.gaps)
      if (std::ranges::find(all_.gaps, gap) == all_.gaps.end()) all_.gaps.push_back(std::move(gap));
    add_new(all_.sources, run.sources);
    for (const auto lane : run.lanes) lanes_.insert(lane);
    for (const auto& note : run.notes) note_from(note, named.name);
    unknown_.insert(run.unknown);
    return {};
  }

  Run take() && {
    all_.lanes.assign(lanes_.begin(), lanes_.end());
    take_verdicts();
    take_gaps();
    for (const auto& note : note_order_) {
      const auto& from = notes_[note];
      all_.notes.push_back(from.size() == names_.size() ? note : fmt::format("{}: {}", fmt::join(from, ", "), note));
    }
    for (const auto& id : declared_differently_)
      all_.notes.push_back(fmt::format("{} is not declared alike in all runs; it is shown as in the first", id));
    if (unknown_.size() == 1)
      all_.unknown = *unknown_.begin();
    else
      all_.notes.push_back("members that this version does not know differ between the runs, and were left out");
    take_facts();
    return std::move(all_);
  }

 private:
  // A merged run is made of others, which must not come a second time either.
  Result<void> take_identity(const NamedRun& named) {
    std::vector<std::string> ids{named.run.id};
    for (const auto& origin : named.run.merged_from) ids.push_back(origin.id);
    for (const auto& id : ids) {
      const auto [at, is_new] = identities_.try_emplace(id, named.name);
      if (is_new) continue;
      if (at->second == named.name)
        return failure(fmt::format("{} is named twice: its trials would count twice", named.name));
      return failure(
          fmt::format("{} and {} hold the same run ({}): its trials would count twice; leave one of them out",
                      at->second, named.name, id));
    }
    return {};
  }

  void add_hosts(Run& run) {
    hosts_.clear();
    for (auto& host : run.hosts) {
      auto id = fmt::format("h{}", all_.hosts.size());
      hosts_[host.id] = id;
      host.id = std::move(id);
      all_.hosts.push_back(std::move(host));
    }
  }

  void add_origin(const NamedRun& named) {
    const auto& run = named.run;
    if (!run.merged_from.empty()) {
      for (auto origin : run.merged_from) {
        for (auto& host : origin.hosts) host = renamed(hosts_, host);
        all_.merged_from.push_back(std::move(origin));
      }
      return;
    }
    Origin origin{run.id,       named.name,       run.started,       run.ended,   run.seed,
                  run.complete, run.tool_version, run.tool_revision, run.command, {}};
    for (const auto& [old, now] : hosts_) origin.hosts.push_back(now);
    std::ranges::sort(origin.hosts);
    all_.merged_from.push_back(std::move(origin));
  }

  void add_builds(Run& run) {
    builds_.clear();
    for (auto& build : run.builds) {
      const auto same = std::ranges::find_if(all_.builds, [&build](BuildFact other) {
        other.id = build.id;
        return other == build;
      });
      const auto old = build.id;
      if (same != all_.builds.end()) {
        builds_[old] = same->id;
        continue;
      }
      build.id = fmt::format("b{}", all_.builds.size());
      builds_[old] = build.id;
      all_.builds.push_back(std::move(build));
    }
  }

  void add_scenarios(NamedRun& named) {
    for (auto& scenario : named.run.scenarios) {
      const auto [at, is_new] = scenarios_.try_emplace(scenario.id, all_.scenarios.size());
      if (is_new)
        all_.scenarios.push_back(std::move(scenario));
      else if (!(all_.scenarios[at->second].expectation == scenario.expectation))
        declared_differently_.insert(scenario.id);
    }
  }

  // A finding is one of the scenario that showed it; the same fingerprint in another scenario is another.
  void add_findings(Run& run) {
    std::unordered_map<std::string, const std::string*> shown_by;
    for (const auto& trial : run.trials)
      for (const auto& seen : trial.findings) shown_by.try_emplace(seen.ref, &trial.scenario.str());
    findings_.clear();
    for (std::size_t i = 0; i < run.findings.size(); ++i) {
      auto& finding = run.findings[i];
      const auto id = fmt::format("f{}", i);
      const auto by = shown_by.find(id);
      const auto [at, is_new] = known_findings_.try_emplace(
          std::tuple(by == shown_by.end() ? std::string() : *by->second, finding.kind, finding.fingerprint),
          all_.findings.size());
      findings_[id] = fmt::format("f{}", at->second);
      if (is_new)
        all_.findings.push_back(std::move(finding));
      else if (all_.findings[at->second].evidence.schedule.empty() && !finding.evidence.schedule.empty())
        all_.findings[at->second].evidence = std::move(finding.evidence);  // one that can be replayed says more
    }
  }

  void add_trials(Run& run) {
    std::unordered_map<std::string, Name> plans;
    all_.trials.reserve(all_.trials.size() + run.trials.size());
    for (auto& trial : run.trials) {
      trial.id = fmt::format("t{}", all_.trials.size());
      if (!trial.plan.empty()) {
        const auto [at, is_new] = plans.try_emplace(trial.plan.str());
        if (is_new) at->second = Name(fmt::format("p{}", plans_++));
        trial.plan = at->second;
      }
      if (!trial.host.empty()) trial.host = renamed(hosts_, trial.host);
      if (!trial.build.empty()) trial.build = renamed(builds_, trial.build);
      std::vector<SeenFinding> seen;
      for (const auto& each : trial.findings) {
        const auto ref = renamed(findings_, each.ref);
        const auto same = std::ranges::find(seen, ref, &SeenFinding::ref);
        if (same == seen.end())
          seen.push_back({ref, each.count});
        else
          same->count += each.count;
      }
      trial.findings = std::move(seen);
      all_.trials.push_back(std::move(trial));
    }
  }

  void add_verdicts(NamedRun& named) {
    for (auto& verdict : named.run.verdicts) {
      for (auto* ids : {&verdict.declared, &verdict.undeclared})
        for (auto& id : *ids) id = renamed(findings_, id);
      auto& told = verdicts_[{verdict.scenario, verdict.lane}];
      told.push_back({named.name, std::move(verdict)});
    }
  }

  void note_from(const std::string& note, const std::string& name) {
    auto& from = notes_[note];
    if (from.empty()) note_order_.push_back(note);
    if (std::ranges::find(from, name) == from.end()) from.push_back(name);
  }

  // As the scenarios stand, then whatever has none.
  void take_verdicts() {
    for (const auto& scenario : all_.scenarios)
      for (const auto lane : lanes_)
        if (auto told = verdicts_.extract({scenario.id, lane}))
          all_.verdicts.push_back(worst_of(std::move(told.mapped())));
    for (auto& [what, told] : verdicts_) all_.verdicts.push_back(worst_of(std::move(told)));
  }

  // What one run could not judge, and another did, is no gap any more.
  void take_gaps() {
    std::set<std::pair<std::string, Lane>> run;
    for (const auto& trial : all_.trials) run.emplace(trial.scenario.str(), trial.lane);
    std::erase_if(all_.gaps, [&run](const Gap& gap) { return !gap.error && run.contains({gap.scenario, gap.lane}); });
  }

  void take_facts() {
    Fnv1a identity;
    std::set<std::string> versions, revisions;
    std::set<std::uint64_t> seeds;
    all_.complete = true;
    all_.started = all_.merged_from.front().started;
    for (const auto& origin : all_.merged_from) {
      identity.add(origin.id);
      identity.add(std::string_view("\n"));
      versions.insert(origin.tool_version);
      revisions.insert(origin.tool_revision);
      seeds.insert(origin.seed);
      all_.complete = all_.complete && origin.complete;
      all_.started = std::min(all_.started, origin.started);
      all_.ended = std::max(all_.ended, origin.ended);
    }
    all_.id = fmt::format("merged-{:016x}", identity.value());
    all_.tool_version = fmt::format("{}", fmt::join(versions, ", "));
    all_.tool_revision = fmt::format("{}", fmt::join(revisions, ", "));
    all_.seed = seeds.size() == 1 ? *seeds.begin() : 0;  // each run's own is in merged_from
    all_.command = {"chicane", "report"};
    all_.command.insert(all_.command.end(), names_.begin(), names_.end());
  }

  template <typename Ids>
  static std::string renamed(const Ids& ids, const std::string& old) {
    const auto found = ids.find(old);
    return found == ids.end() ? old : found->second;
  }

  using Ids = std::unordered_map<std::string, std::string>;
  Run all_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::string> identities_;  // run id, the file that has it
  std::unordered_map<std::string, std::size_t> scenarios_;
  std::map<std::tuple<std::string, FindingKind, std::string>, std::size_t> known_findings_;
  std::map<std::pair<std::string, Lane>, std::vector<Told>> verdicts_;
  std::map<std::string, std::vector<std::string>> notes_;
  std::vector<std::string> note_order_;
  std::set<std::string> declared_differently_, unknown_;
  std::set<Lane> lanes_;
  std::size_t plans_ = 0;
  Ids hosts_, builds_, findings_;  // of the run being added, by their old names
};

}  // namespace

Result<Run> merge_runs(std::vector<NamedRun> runs) {
  std::int64_t duration_ns = 0, outside_trials_ns = 0;
  Merger merger;
  for (auto& named : runs) {
    duration_ns += named.run.duration_ns;
    outside_trials_ns += named.run.outside_trials_ns;
    if (auto added = merger.add(std::move(named)); !added) return std::unexpected(std::move(added.error()));
  }
  auto all = std::move(merger).take();
  all.duration_ns = duration_ns;
  all.outside_trials_ns = outside_trials_ns;
  return all;
}

}  // namespace chicane
