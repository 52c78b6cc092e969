// Findings and stacks in words. Pure functions.
#pragma once

#include <string>

#include "harness/model/finding.h"

namespace chicane::reports {

std::string title_of(const Finding& finding);    // "data race on total", "wrong result: total"
std::string place_of(const Frame& frame);        // "UnlockedCounter::work at scenarios/counter/unlocked.cpp:13"
std::string position_of(const Frame& frame);     // "scenarios/counter/unlocked.cpp:13", else the module
std::string where(const Finding& finding);       // place of its first user frame; empty: it has no stack
std::string words_of(const Access& access);      // "write of 8 bytes"
std::string words_of(const Location& location);  // "total, offset 0 of the scenario's state of 136 bytes"
std::string thread_name(const Evidence& evidence, std::uint32_t id);  // "thread 1 (worker 0)", "the main thread"

std::string capitalized(std::string text);  // "Data race on total"
std::string as_sentence(std::string text);  // with a capital and a full stop

// The first stack of an evidence, whatever its kind; nullptr: none.
const Stack* first_stack(const Evidence& evidence);

}  // namespace chicane::reports
