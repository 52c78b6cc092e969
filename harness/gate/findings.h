// What is not right about a candidate, from its run in the lanes that judge. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "harness/model/gate.h"
#include "harness/model/run.h"

namespace chicane {

// Undeclared findings of `candidate` and verdicts `missed`, in the order of its verdicts. What `baseline` (null: there
// is none) has too, by scenario, kind and fingerprint, is nothing new: it is waived as such.
std::vector<GateFinding> findings_of(const Run& candidate, const Run* baseline);

// Scenarios that a lane of `must` did not judge, and why.
std::vector<std::string> unjudged_by(const Run& candidate, const std::vector<Lane>& must);

}  // namespace chicane
