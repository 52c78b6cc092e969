// Which measures of a trial a gate compares.
#pragma once

#include <string_view>

namespace chicane {

inline constexpr const char* time_measure = "wall_ns_per_operation";

inline bool is_compared_besides_time(std::string_view measure) {
  return measure == "peak_resident_bytes" || (measure.starts_with("latency_p") && measure.ends_with("_ns"));
}

// What is to be found of a measure beside time: this many margins.
inline constexpr double detect_in_margins = 2.5;

}  // namespace chicane
