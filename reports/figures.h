// Numbers as people read them: three significant digits and a unit that fits. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/model/run.h"

namespace chicane::reports {

enum class Unit { nanoseconds, bytes, per_second, percent, plain };

// Names of measures carry their unit ("wall_ns_per_operation", "peak_resident_bytes").
Unit unit_of(std::string_view measure);
// The measure in words, without its unit: "wall time per operation".
std::string label_of(std::string_view measure);

// One power of the unit, so that figures that are compared have it in common.
struct Scale {
  double divisor = 1;
  std::string_view unit;  // "µs", "MiB", "M/s"; empty: none
  int decimals = 0;
};
Scale scale_for(double value, Unit unit);
std::string number(double value, const Scale& scale);  // "8.31"
std::string figure(double value, Unit unit);           // "8.31 ns"
std::string figure(double value, const Scale& scale);

std::string count(std::uint64_t value);                         // "12,345"
std::string plural(std::uint64_t value, std::string_view one);  // "1 trial", "12,345 trials"
std::string plural(std::uint64_t value, std::string_view one, std::string_view many);
std::string interval(const Estimate& estimate, const Scale& scale);  // "8.27–8.40"; empty: there is none
std::string ratio(double value);                                     // "1.94×"

}  // namespace chicane::reports
