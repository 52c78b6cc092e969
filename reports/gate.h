// A gate's result as text for people and for other tools. Pure functions: the same result gives the same bytes.
#pragma once

#include <string>

#include "harness/model/gate.h"
#include "reports/render.h"

namespace chicane {

std::string render_gate_html(const GateResult& result);  // one offline file without scripts
std::string render_gate_console(const GateResult& result, const ConsoleStyle& style);
std::string render_gate_markdown(const GateResult& result);  // short enough for a comment: 60,000 characters at most
std::string render_gate_junit(const GateResult& result);     // one test case an entry, one more for what was found
// "::error title=…::…" lines for a hosted CI, one for each entry that fails the gate and each finding that counts.
std::string render_gate_annotations(const GateResult& result);

}  // namespace chicane
