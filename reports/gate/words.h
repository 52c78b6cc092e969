// How a gate's parts are said in all its formats.
#pragma once

#include <string>

#include "harness/model/gate.h"

namespace chicane::reports {

std::string shape_of(GateVerdict verdict);  // "✓", "✗", …
std::string words_of(GateVerdict verdict);  // "slower", "not decided", …
std::string sentence_of(const GateResult& result);
std::string name_of(const GateEntry& entry);            // "counter/locked, 2 workers, n=5"
std::string ratio_of(const GateMeasure& measure);       // "+1.2 % [−0.3, +2.9]"
std::string detectable_of(const GateMeasure& measure);  // "3.1 %"
std::string words_of(const GateFinding& finding);
std::string control_of(const GateResult& result);

}  // namespace chicane::reports
