// The explore lane: one search over the schedules of a scenario. Findings are sent as they come, with their schedules.
#include <set>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include <sys/personality.h>

#include "harness/explore/search/schedule_file.h"
#include "harness/runner/explore/explored.h"
#include "harness/runner/explore/findings.h"
#include "harness/runner/explore/scenario_subject.h"
#include "harness/runner/lanes/lanes.h"
#include "harness/runner/lanes/litmus.h"

namespace chicane {

void run_explore(Stage& stage, const TrialRequest& request, Trial& trial) {
  using namespace explore;
  const auto wanted = read_request(request, !stage.scenario().scenario.outcomes.empty());
  if (!wanted) {
    stage.ledger().fail("protocol_broken", "explore", wanted.error().message);
    return;
  }
  if (request.parameters.worker_kind == WorkerKind::process) trial.judged_as = threads_for_processes;
  const auto turns = request.turns != 0 ? request.turns : turns_of_schedules;
  ScenarioSubject subject(stage, turns, request.seed);
  CodeNames names(getpid(), scenario_memory(stage, subject.own_memory()));
  const auto code = CodeMap::of_this_process();
  Naming naming{names, code, [&](ThreadId id) { return worker_name(stage, id); }, schedule_of(request, turns, code)};
  const auto send = stage.ledger().sender();
  const auto hand_on = [&](const Sighting& sighting) {
    auto finding = finding_of(sighting, naming);
    if (!is_of_the_standard_library(finding)) send(std::move(finding), sighting.times);
  };
  std::set<std::string> known;
  const auto is_new = [&](const Outcome& outcome, std::size_t which) {
    const auto finding = finding_of(outcome.findings[which], outcome, naming);
    return !is_of_the_standard_library(finding) && known.insert(finding.fingerprint).second;
  };
  const auto summary = search(subject, wanted->search, wanted->options, wanted->limits, hand_on, is_new);
  trial.turns = turns;
  fill_in(trial, summary, wanted->options);
  if (!stage.scenario().scenario.outcomes.empty()) trial.outcomes = histogram(stage.scenario().scenario, summary.tally);
}

}  // namespace chicane
