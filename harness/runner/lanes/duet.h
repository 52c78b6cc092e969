// One side of a duet: its slices of the scenario's loop, in turns with the other runner (harness/model/duet.h).
#pragma once

#include "harness/model/trial.h"
#include "harness/runner/stage.h"

namespace chicane {

// The environment is built once, the state anew for every slice, whose check runs outside of the timed region. Ends
// early when this or the other side failed. The trial gets the sums over its slices, without the first.
void run_duet(Stage& stage, const TrialRequest& request, Trial& trial);

}  // namespace chicane
