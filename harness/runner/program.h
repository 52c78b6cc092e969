// A trial that is a program of its own: started, read and waited for by the runner, whose end is then the program's.
#pragma once

#include <functional>

#include "harness/model/error.h"
#include "harness/model/finding.h"
#include "harness/model/trial.h"

namespace chicane {

// Runs request.program to its end and writes turns, measures and counters into the trial. A wrong result, or none, is a
// finding; a program that ends by a signal or with another status than 0 takes this process with it in the same way,
// so that the driver sees what it would have seen of the program. The error: it could not be started.
Result<void> run_program(const TrialRequest& request, const std::function<void(const Finding&)>& found, Trial& trial);

}  // namespace chicane
