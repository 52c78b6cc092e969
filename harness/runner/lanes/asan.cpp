// The asan lane: passes, while the asan build's sanitizers report.
#include <utility>

#include "harness/judge/fingerprint.h"
#include "harness/runner/lanes/asan_reports.h"
#include "harness/runner/lanes/lanes.h"
#include "harness/runner/lanes/passes.h"
#include "harness/runner/own_limits.h"

namespace chicane {

void run_asan(Stage& stage, const TrialRequest& request, Trial& trial) {
  // Copies, not the ledger: a thread that the scenario left behind may err when the trial is over. Findings with stacks
  // pass through the ledger as they are.
  collect_asan_reports({[send = stage.ledger().sender()](Finding finding) {
                          finding.fingerprint = fingerprint(finding);
                          send(finding, 1);
                        },
                        stage.ledger().ender()});
  run_passes(stage, request, trial, take_undefined_behaviour);
  take_undefined_behaviour();  // of the environment's end
  auto why = take_back_files();
  if (why.empty()) why = find_leaks();
  if (!why.empty()) trial.not_looked_for.push_back({FindingKind::leak, std::move(why)});
}

}  // namespace chicane
