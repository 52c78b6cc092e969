#include "harness/gate/history/entry.h"

#include <cmath>
#include <optional>
#include <set>
#include <tuple>

#include <fmt/format.h>

namespace chicane {
namespace {

std::optional<double> number(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? std::optional(*value + 0.0) : std::nullopt;
}

void add(HistoryRun& to, const Summary& summary, const std::string& prefix,
         const std::map<std::string, Estimate>& estimates) {
  for (const auto& [measure, estimate] : estimates) {
    // A median that is no number says nothing, and has no place in a series. 0 has no sign, as SQLite keeps none.
    if (!std::isfinite(estimate.median)) continue;
    const Estimate kept{estimate.median + 0.0, number(estimate.low), number(estimate.high), estimate.rounds};
    to.values.push_back({summary.scenario, summary.parameters, prefix + measure, kept, summary.right});
  }
}

bool names_one_value_twice(const HistoryRun& run, std::string& scenario) {
  std::set<std::tuple<std::string, Parameters, std::string>> seen;
  for (const auto& value : run.values)
    if (!seen.insert({value.scenario, value.parameters, value.measure}).second) {
      scenario = value.scenario;
      return true;
    }
  return false;
}

}  // namespace

Result<HistoryRun> history_run(const Run& run, const std::string& commit, const std::string& added) {
  if (!run.complete)
    return failure(
        fmt::format("run {} is not complete, so its figures are not final; `chicane run --resume -o DIR` goes on "
                    "with it",
                    run.id));
  if (run.hosts.size() != 1)
    return failure(fmt::format("run {} has results of {} hosts, and a series is of one; add each host's own run",
                               run.id, run.hosts.size()));
  const auto& host = run.hosts.front();
  if (run.id.empty() || host.fingerprint.empty())
    return failure(fmt::format("run '{}' has no {}, by which it would be kept", run.id,
                               run.id.empty() ? "id" : "fingerprint of its host"));
  HistoryRun entry{run.id,   run.started,      run.ended,         added, commit, host.fingerprint,
                   host.cpu, run.tool_version, run.tool_revision, {},    {},     {}};
  for (const auto& build : run.builds) entry.builds.push_back({build.plugin, build.build, build.build_id});
  for (const auto& summary : run.summaries) {
    add(entry, summary, "", summary.measures);
    add(entry, summary, "counters.", summary.counters);
  }
  for (const auto& verdict : run.verdicts) entry.verdicts.push_back({verdict.scenario, verdict.lane, verdict.verdict});
  if (entry.values.empty() && entry.verdicts.empty())
    return failure(
        fmt::format("run {} has neither figures of the bench lane nor verdicts: there is nothing to keep", run.id));
  if (std::string scenario; names_one_value_twice(entry, scenario))
    return failure(fmt::format("run {} has two summaries of {} with the same parameters", run.id, scenario));
  return entry;
}

}  // namespace chicane
