#include "reports/reading.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "harness/judge/judge.h"
#include "harness/model/severity.h"
#include "reports/figures.h"

namespace chicane::reports {
namespace {

std::optional<std::chrono::sys_seconds> parse_time(const std::string& text) {
  int year = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (std::sscanf(text.c_str(), "%d-%u-%uT%u:%u:%u", &year, &month, &day, &hour, &minute, &second) != 6)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

// From how many workers on the scenario's `must` asks for this finding; 0 where none does.
std::uint32_t least_workers(const Scenario* scenario, const Finding& finding) {
  std::uint32_t least = 0;
  if (scenario == nullptr) return least;
  for (const auto& expected : scenario->expectation.must)
    if (matches(expected, finding)) least = least == 0 ? expected.min_workers : std::min(least, expected.min_workers);
  for (const auto& expected : scenario->expectation.may)
    if (matches(expected, finding)) return 0;
  return least;
}

}  // namespace

std::uint32_t& Counts::of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return pass;
    case Verdict::fail: return fail;
    case Verdict::missed: return missed;
    case Verdict::not_judged: return not_judged;
    case Verdict::error: break;
  }
  return error;
}

Reading::Reading(const Run& run) : run_(run) {
  for (const auto& scenario : run.scenarios) scenarios_.emplace(scenario.id, &scenario);
  for (const auto& verdict : run.verdicts) {
    verdicts_.emplace(std::pair(std::string_view(verdict.scenario), verdict.lane), &verdict);
    ++counts_.of(verdict.verdict);
    if (severity(verdict.verdict) > severity(overall_)) overall_ = verdict.verdict;
  }
  read_findings();
  place_findings();
}

// One pass over the trials, whatever their number. Counted as the judge counts: every trial that completed or showed
// something, calibration too; and of what a scenario must show, only where there were workers enough for it, or where
// it showed nevertheless.
void Reading::read_findings() {
  std::map<std::pair<std::string_view, Lane>, std::map<Parameters, std::uint32_t>> ran;
  std::unordered_map<std::string, std::size_t> position;
  findings_.resize(run_.findings.size());
  for (std::size_t i = 0; i < findings_.size(); ++i) {
    findings_[i].finding = &run_.findings[i];
    findings_[i].id = fmt::format("f{}", i);
    position.emplace(findings_[i].id, i);
  }
  for (std::size_t i = 0; i < run_.trials.size(); ++i) {
    const auto& trial = run_.trials[i];
    std::set<std::size_t> shown;
    for (const auto& seen : trial.findings)
      if (const auto found = position.find(seen.ref); found != position.end()) shown.insert(found->second);
    if (trial.status != TrialStatus::completed && shown.empty()) continue;
    const std::pair place(std::string_view(trial.scenario), trial.lane);
    ++ran[place][trial.parameters];
    if (!trial.judged_as.empty()) judged_as_.emplace(place, trial.judged_as);
    for (const auto finding : shown) {
      auto& all = findings_[finding].occurrences;
      auto at = std::ranges::find_if(
          all, [&](const auto& one) { return one.scenario_id == trial.scenario && one.lane == trial.lane; });
      if (at == all.end()) {
        const auto known = scenarios_.find(trial.scenario);
        at = all.insert(all.end(),
                        {known == scenarios_.end() ? nullptr : known->second, trial.scenario, trial.lane, 0, 0, {}, i});
      }
      ++at->seen;
      ++at->by_parameters[trial.parameters].seen;
    }
  }
  for (auto& view : findings_)
    for (auto& occurrence : view.occurrences) {
      const auto least = least_workers(occurrence.scenario, *view.finding);
      for (const auto& [parameters, trials] : ran[{occurrence.scenario_id, occurrence.lane}]) {
        if (parameters.workers < least && !occurrence.by_parameters.contains(parameters)) continue;
        occurrence.by_parameters[parameters].of = trials;
        occurrence.of += trials;
      }
    }
}

void Reading::place_findings() {
  std::unordered_map<std::string_view, bool> undeclared;
  for (const auto& verdict : run_.verdicts) {
    for (const auto& id : verdict.declared) undeclared.emplace(id, false);
    for (const auto& id : verdict.undeclared) undeclared[id] = true;
  }
  for (auto& view : findings_) {
    const auto told = undeclared.find(view.id);
    if (told == undeclared.end() || told->second) continue;
    view.standing = Standing::declared;
    for (const auto& occurrence : view.occurrences) {
      if (occurrence.scenario == nullptr) continue;
      const auto& expectation = occurrence.scenario->expectation;
      const auto fits = [&](const auto& expected) { return matches(expected, *view.finding); };
      if (std::ranges::any_of(expectation.must, fits)) continue;
      const auto allowed = std::ranges::find_if(expectation.may, fits);
      if (allowed == expectation.may.end()) continue;
      view.standing = Standing::allowed;
      view.allowed_because = allowed->reason;
    }
  }
  // What nobody declared first; then as the scenarios stand, and of one scenario races first.
  const auto place = [this](const FindingView& view) {
    const auto* scenario = view.occurrences.empty() ? nullptr : view.occurrences.front().scenario;
    return scenario == nullptr ? run_.scenarios.size() : static_cast<std::size_t>(scenario - run_.scenarios.data());
  };
  std::ranges::sort(findings_, {}, [&](const FindingView& view) {
    return std::tuple(view.standing, place(view), view.finding->kind, view.finding);
  });
  for (std::size_t i = 0; i < findings_.size(); ++i) finding_places_.emplace(findings_[i].id, i);
}

const FindingView* Reading::finding(std::string_view id) const {
  const auto found = finding_places_.find(std::string(id));
  return found == finding_places_.end() ? nullptr : &findings_[found->second];
}

const Scenario* Reading::scenario(std::string_view id) const {
  const auto found = scenarios_.find(id);
  return found == scenarios_.end() ? nullptr : found->second;
}

const ScenarioVerdict* Reading::verdict(std::string_view scenario, Lane lane) const {
  const auto found = verdicts_.find({scenario, lane});
  return found == verdicts_.end() ? nullptr : found->second;
}
std::size_t Reading::verdict_position(const ScenarioVerdict& verdict) const {
  return static_cast<std::size_t>(&verdict - run_.verdicts.data());
}

std::vector<const ScenarioVerdict*> Reading::needing_attention() const {
  std::vector<const ScenarioVerdict*> all;
  for (const auto& verdict : run_.verdicts)
    if (severity(verdict.verdict) >= severity(Verdict::error)) all.push_back(&verdict);
  std::ranges::sort(all, {}, [](const auto* one) { return std::pair(-severity(one->verdict), one); });
  return all;
}

std::vector<std::string> Reading::families() const {
  std::vector<std::string> all;
  std::set<std::string> known;
  for (const auto& scenario : run_.scenarios)
    if (auto family = scenario.family(); known.insert(family).second) all.push_back(std::move(family));
  return all;
}

std::uint32_t Reading::trials_with(TrialStatus status) const {
  return static_cast<std::uint32_t>(std::ranges::count(run_.trials, status, &Trial::status));
}

std::string Reading::duration() const {
  if (!run_.merged_from.empty()) return "";
  const auto from = parse_time(run_.started), to = parse_time(run_.ended);
  if (!from || !to || *to < *from) return "";
  const auto seconds = (*to - *from).count();
  return seconds < 120 ? fmt::format("{} s", seconds) : fmt::format("{} min {} s", seconds / 60, seconds % 60);
}

std::string Reading::judged_as(std::string_view scenario, Lane lane) const {
  const auto found = judged_as_.find({scenario, lane});
  return found == judged_as_.end() ? std::string() : std::string(found->second);
}

}  // namespace chicane::reports
