// The subjects of plugins/subjects.cpp, played in this very process.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "harness/runner/ledger.h"
#include "harness/runner/stage.h"
#include "harness/runner/tables.h"
#include "harness/runner/teams.h"

extern "C" const chicane_plugin* chicane_plugin_entry();

namespace chicane {

inline const RunnableScenario& subject(const std::string& id) {
  static const auto all = read_scenarios(*chicane_plugin_entry()).value();
  return *std::ranges::find(all, "subject/" + id, [](const auto& runnable) { return runnable.scenario.id; });
}

struct Played {
  std::vector<Finding> findings;  // folded
  std::vector<WorkerOutcome> outcomes;
  std::map<std::string, double> counters;  // of a region of one second

  std::string said(FindingKind kind) const {  // by the first finding of a kind; empty: none
    for (const auto& finding : findings)
      if (finding.kind == kind) return finding.evidence.message;
    return "";
  }
};

// One pass of `turns` turns.
inline Played play(const std::string& id, WorkerKind kind, std::uint32_t workers = 2, std::uint64_t turns = 100,
                   RegionWatch* watch = nullptr) {
  Played played;
  Ledger ledger([&](const Finding& finding, std::uint64_t) { played.findings.push_back(finding); });
  TrialRequest request;
  request.parameters.worker_kind = kind;
  request.parameters.workers = workers;
  for (const auto& axis : subject(id).scenario.axes) request.parameters.args[axis.name] = axis.values.front();
  auto stage = Stage::build(subject(id), request, kind, ledger).value();
  stage.construct_environment();
  if (stage.construct(turns, 1)) {
    played.outcomes = kind == WorkerKind::process ? run_on_processes(stage, watch) : run_on_threads(stage, watch);
    stage.check(operations(played.outcomes));
    stage.destroy();
  }
  stage.destroy_environment();
  played.counters = ledger.counters(1);
  return played;
}

}  // namespace chicane
