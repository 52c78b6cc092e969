// The lanes that this runner was built with. A lane plays the stage and writes turns, workers, measures and counters
// into the trial; findings go to the stage's ledger.
#pragma once

#include "harness/model/trial.h"
#include "harness/runner/stage.h"

namespace chicane {

struct RunnerLane {
  Lane lane;
  // How workers that were asked for as `kind` really run.
  WorkerKind (*workers_are)(WorkerKind kind);
  void (*run)(Stage& stage, const TrialRequest& request, Trial& trial);
};

const RunnerLane* find_lane(Lane lane);  // null: not in this build

// Trial::judged_as where process workers run as threads, because the lane sees one process only.
inline constexpr const char* threads_for_processes = "threads over one shared mapping";

void run_bench(Stage& stage, const TrialRequest& request, Trial& trial);
void run_stress(Stage& stage, const TrialRequest& request, Trial& trial);
void run_tsan(Stage& stage, const TrialRequest& request, Trial& trial);
void run_asan(Stage& stage, const TrialRequest& request, Trial& trial);
void run_explore(Stage& stage, const TrialRequest& request, Trial& trial);

}  // namespace chicane
