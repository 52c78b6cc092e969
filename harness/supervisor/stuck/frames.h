// What stands at an address of a process: its function and those inlined into it, with file and line.
#pragma once

#include <cstdint>
#include <vector>

#include "harness/model/finding.h"

struct Dwfl;

namespace chicane::stuck {

// Innermost first; at least one frame, with an empty function where nothing is known.
std::vector<Frame> frames_at(Dwfl* session, std::uint64_t address);

}  // namespace chicane::stuck
