// Expectation against findings. Pure functions: no I/O, no clock; safe to call from any thread.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run.h"

namespace chicane {

// What a lane can do about a kind of finding.
enum class Sight {
  never,   // this lane is blind to it
  may,     // it can show, but its absence means nothing
  always,  // if it is there (enough workers), the lane's budget is enough to see it: absence is `missed`
};
Sight sight(Lane lane, FindingKind kind);

// Whether a finding is the declared one: its kind; with `at`, the innermost user function of one of its stacks, its
// location's name or its own name ends in `at` at a name boundary (a lambda also counts as the function it stands in);
// with `field`, all accessed bytes lie in that member of the state.
bool matches(const ExpectedFinding& expected, const Finding& finding);

// One verdict for each scenario × lane asked for, in the order of run.scenarios and run.lanes, from run.trials,
// run.findings and run.gaps. Over parameters, fail outweighs missed, then error, pass, not_judged; but a pass in which
// nothing was seen does not speak for parameters of which no trial got to work, nor one that had too few workers to ask
// for what must show for parameters that could not be judged.
std::vector<ScenarioVerdict> judge(const Run& run);

// Notes of a run on what its lanes look for or count and could not here (Trial::not_looked_for, Trial::not_counted).
std::vector<std::string> reductions(const Run& run);

// The exit status that a run earns (design: 4 before 2 before 1 before 3): 4 for `fail` and `missed`, 2 for `error`,
// 3 when a lane of `required` is missing or judged some scenario as `not_judged` or the run is incomplete, else 0.
int exit_status(const Run& run, const std::vector<Lane>& required);

}  // namespace chicane
