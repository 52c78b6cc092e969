// What tutorials say of concurrent programs, held against the figures of a run: each claim for C++ and for CPython, and
// a table of what to use for which work. Pure functions of trials and verdicts; nothing is taken from anywhere else.
#pragma once

#include <vector>

#include "harness/model/run.h"

namespace chicane {

// All claims, also those that this run measured nothing for; none at all where nothing was measured for any of them.
std::vector<Claim> weigh_claims(const Run& run);

// Kinds of work and ways of doing them, against one step after the other; the same.
std::vector<Choice> weigh_choices(const Run& run);

}  // namespace chicane
