// Gates as the tool makes them, built by hand, for what looks at their page.
#pragma once

#include "harness/model/gate.h"

namespace chicane::sample {

// Every verdict an entry can have, intervals inside and beyond the plot, findings, noise and notes.
GateResult sample_gate();
// The same in which all is well.
GateResult clean_gate();
// The first, in which every text that a user, a scenario or a host could bring is an attack.
GateResult hostile_gate();

}  // namespace chicane::sample
