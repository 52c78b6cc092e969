// A play of its own for hardware counters: they cost time at each switch of threads, and no time is taken here.
#pragma once

#include "harness/model/trial.h"
#include "harness/runner/stage.h"

namespace chicane {

// Once more with a share of the turns of a calibration that has ended, on a fresh state in the same environment: adds
// to the trial's measures what was counted, and says what could not be.
void count_hardware(Stage& stage, const TrialRequest& request, Trial& trial);

}  // namespace chicane
