// Programs: an executable that was linked with libchicane_explore searches itself; this starts it, asks it, and gives
// names to what it finds.
#pragma once

#include "harness/model/error.h"
#include "harness/model/trial.h"
#include "harness/runner/ledger.h"
#include "harness/runner/result_stream.h"

namespace chicane::explore {

// Fills in the trial; findings go to `send`. Errors: it could not be started, or is no such program.
Result<void> explore_program(const TrialRequest& request, const Ledger::Send& send, Trial& trial);

}  // namespace chicane::explore
