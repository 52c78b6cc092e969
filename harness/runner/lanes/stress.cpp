// The stress lane: real cores and no instrumentation, so that what the hardware does is seen as it is. Litmus scenarios
// race through strides of states; a looping one runs as many short passes over fresh states as fit the budget.
#include "harness/runner/lanes/lanes.h"
#include "harness/runner/lanes/litmus.h"
#include "harness/runner/lanes/passes.h"

namespace chicane {
namespace {

// Two workers that a barrier lets go start some 50 µs apart: in a pass that is shorter, they never meet.
constexpr std::uint64_t most_turns_of_a_pass = 1 << 18;

void run_loop(Stage& stage, TrialRequest request, Trial& trial) {
  if (request.turns == 0) request.turns = most_turns_of_a_pass;
  run_passes(stage, request, trial, [] { return false; });
}

}  // namespace

void run_stress(Stage& stage, const TrialRequest& request, Trial& trial) {
  if (stage.scenario().scenario.outcomes.empty())
    run_loop(stage, request, trial);
  else
    run_litmus(stage, request, trial);
}

}  // namespace chicane
