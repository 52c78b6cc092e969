#include "harness/gate/findings.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <tuple>

#include <fmt/format.h>

namespace chicane {
namespace {

using FindingKey = std::tuple<std::string, FindingKind, std::string>;

// Ids are positions: "f12".
const Finding* finding_of(const Run& run, const std::string& id) {
  std::size_t position = 0;
  const auto* const end = id.data() + id.size();
  if (id.size() < 2 || std::from_chars(id.data() + 1, end, position).ptr != end || position >= run.findings.size())
    return nullptr;
  return &run.findings[position];
}

std::set<FindingKey> undeclared_of(const Run& run) {
  std::set<FindingKey> keys;
  for (const auto& verdict : run.verdicts)
    for (const auto& id : verdict.undeclared)
      if (const auto* const finding = finding_of(run, id))
        keys.emplace(verdict.scenario, finding->kind, finding->fingerprint);
  return keys;
}

// The same verdict of the same scenario in the same lane.
bool had(const Run& baseline, const ScenarioVerdict& verdict) {
  return std::ranges::any_of(baseline.verdicts, [&](const ScenarioVerdict& old) {
    return old.scenario == verdict.scenario && old.lane == verdict.lane && old.verdict == verdict.verdict;
  });
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

std::vector<GateFinding> findings_of(const Run& candidate, const Run* baseline) {
  const auto old = baseline == nullptr ? std::set<FindingKey>{} : undeclared_of(*baseline);
  std::vector<GateFinding> findings;
  for (const auto& verdict : candidate.verdicts) {
    if (verdict.verdict == Verdict::missed) {
      const auto scenario = std::ranges::find(candidate.scenarios, verdict.scenario, &Scenario::id);
      GateFinding finding;
      finding.scenario = verdict.scenario;
      finding.lane = verdict.lane;
      if (scenario != candidate.scenarios.end() && !scenario->expectation.must.empty())
        finding.kind = scenario->expectation.must.front().kind;
      finding.fingerprint = "missed";
      if (baseline != nullptr && had(*baseline, verdict)) finding.waived = "the baseline misses it too";
      finding.says = "declared and not seen: " + verdict.why;
      findings.push_back(std::move(finding));
    }
    if (verdict.verdict != Verdict::fail) continue;
    for (const auto& id : verdict.undeclared) {
      const auto* const seen = finding_of(candidate, id);
      if (seen == nullptr) continue;
      GateFinding finding{
          verdict.scenario, verdict.lane, seen->kind, seen->fingerprint, first_line(seen->evidence.message), {}};
      if (old.contains({finding.scenario, finding.kind, finding.fingerprint}))
        finding.waived = "the baseline has it too";
      findings.push_back(std::move(finding));
    }
    if (verdict.undeclared.empty())
      findings.push_back({verdict.scenario, verdict.lane, FindingKind::wrong_result, "", verdict.why,
                          baseline != nullptr && had(*baseline, verdict) ? "the baseline has it too" : ""});
  }
  return findings;
}

std::vector<std::string> unjudged_by(const Run& candidate, const std::vector<Lane>& must) {
  std::vector<std::string> words;
  for (const Lane lane : must) {
    bool any = false;
    for (const auto& verdict : candidate.verdicts) {
      if (verdict.lane != lane) continue;
      any = true;
      if (verdict.verdict == Verdict::not_judged || verdict.verdict == Verdict::error)
        words.push_back(fmt::format("{} in the {} lane: {}", verdict.scenario, name(lane), verdict.why));
    }
    if (!any) words.push_back(fmt::format("the {} lane was not run", name(lane)));
  }
  return words;
}

}  // namespace chicane
