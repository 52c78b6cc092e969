// The evidence of a finding as SARIF says it: related locations, stacks, and a schedule as a code flow. Pure.
#pragma once

#include "harness/model/finding.h"
#include "reports/json_text.h"
#include "reports/sarif/locations.h"

namespace chicane::reports::sarif {

// Members of an open `result`; those that the evidence has nothing for are left out.
void write_evidence(JsonText& json, const Evidence& evidence, const Locations& locations);

}  // namespace chicane::reports::sarif
