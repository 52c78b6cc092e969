// Teams: all workers of one pass over one state, from their start to their end.
#pragma once

#include <vector>

#include "harness/runner/stage.h"
#include "harness/runner/worker.h"

namespace chicane {

// One thread a worker; the caller waits. A thread that can't be started is a finding (limit_exceeded) and its peers run
// without it. With a `watch`, outcomes have neither usage nor CPUs.
std::vector<WorkerOutcome> run_on_threads(const Stage& stage, RegionWatch* watch = nullptr);

// One forked process a worker, over the stage's shared memory; the caller collects what they report and waits. A
// process that a signal ends or that exits by itself is a finding (crash, early_exit), and its peers are released. The
// caller must be the only thread that holds locks of the harness.
std::vector<WorkerOutcome> run_on_processes(const Stage& stage, RegionWatch* watch = nullptr);

}  // namespace chicane
