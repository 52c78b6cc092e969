// The unit of a measure in machine-readable formats. Pure.
#pragma once

#include <string_view>

namespace chicane::reports {

// "ns", "bytes", "1/s", "%", "count", "ratio"; empty: none that is known, as of an author's own counters.
std::string_view unit_word(std::string_view measure);

}  // namespace chicane::reports
