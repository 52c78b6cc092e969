// The forest plot: a ratio with its interval for each scenario, on one scale with the margin, as a table.
#pragma once

#include <string_view>

#include "harness/model/gate.h"
#include "reports/markup.h"

namespace chicane::reports {

// `path` of the entries in the file that the page is made from; empty: they are in none.
void write_forest(Markup& html, const GateResult& result, std::string_view path);

// The look of a verdict's badge: "pass", "fail down".
std::string_view look_of(GateVerdict verdict);

}  // namespace chicane::reports
