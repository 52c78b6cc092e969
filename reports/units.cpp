#include "reports/units.h"

#include <algorithm>
#include <array>

#include "reports/figures.h"

namespace chicane::reports {

std::string_view unit_word(std::string_view measure) {
  // As docs/formats.md has them; those whose name ends in a unit need no entry.
  static constexpr std::array<std::string_view, 20> counts{"operations",
                                                           "voluntary_switches",
                                                           "involuntary_switches",
                                                           "minor_faults",
                                                           "major_faults",
                                                           "instructions_per_operation",
                                                           "cycles_per_operation",
                                                           "branch_misses_per_operation",
                                                           "cache_misses_per_operation",
                                                           "latency_count",
                                                           "latency_beyond",
                                                           "passes",
                                                           "schedules",
                                                           "steps",
                                                           "schedules_with_findings",
                                                           "first_finding_schedule",
                                                           "schedules_lost",
                                                           "search_processes",
                                                           "uncontrolled_calls",
                                                           "turns"};
  static constexpr std::array<std::string_view, 4> ratios{"fairness_jain", "rate_max_over_min", "exhausted",
                                                          "addresses_fixed"};
  switch (unit_of(measure)) {
    case Unit::nanoseconds: return "ns";
    case Unit::bytes: return "bytes";
    case Unit::per_second: return measure.starts_with("bytes") ? "bytes/s" : "1/s";
    case Unit::percent: return "%";
    case Unit::plain: break;
  }
  if (std::ranges::find(counts, measure) != counts.end()) return "count";
  return std::ranges::find(ratios, measure) != ratios.end() ? "ratio" : "";
}

}  // namespace chicane::reports
