// What hardware counters are read for, once for each plan of the bench lane: while it is calibrated, because they cost
// time. The measure of an event is named EVENT_per_operation; a summary has it from calibrations, not from rounds.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace chicane {

inline constexpr std::array<std::string_view, 4> hardware_events{"instructions", "cycles", "branch_misses",
                                                                 "cache_misses"};

inline constexpr std::string_view per_operation = "_per_operation";

inline std::string hardware_measure(std::string_view event) { return std::string(event).append(per_operation); }
inline bool is_hardware_measure(std::string_view measure) {
  if (!measure.ends_with(per_operation)) return false;
  measure.remove_suffix(per_operation.size());
  return std::ranges::find(hardware_events, measure) != hardware_events.end();
}

}  // namespace chicane
