// What `chicane run` does once its options are known, for commands that run something in another way.
#pragma once

#include <functional>

#include "harness/cli/command.h"
#include "harness/cli/run_options.h"
#include "harness/model/run.h"

namespace chicane {

// Runs, judges, writes and prints; the exit status. `told`: called with the finished run before its summary.
Result<int> execute_run(RunCall options, const Invocation& invocation,
                        const std::function<void(const Run&)>& told = nullptr);

}  // namespace chicane
