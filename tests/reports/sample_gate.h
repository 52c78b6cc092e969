// Gates and histories as the tool makes them, built by hand, for what looks at their pages.
#pragma once

#include <string>
#include <vector>

#include "harness/model/gate.h"
#include "reports/render.h"

namespace chicane::sample {

// Every verdict an entry can have, intervals inside and beyond the plot, findings, noise and notes.
GateResult sample_gate();
// The same in which all is well.
GateResult clean_gate();
// The first, in which every text that a user, a scenario or a host could bring is an attack.
GateResult hostile_gate();

// Times that got worse, that got better, that stayed, and of answers that were not right; `more` is at the end of each
// text.
std::vector<HistoryLine> sample_history(const std::string& more);

}  // namespace chicane::sample
