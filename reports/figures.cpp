#include "reports/figures.h"

#include <array>
#include <cmath>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace chicane::reports {
namespace {

struct Step {
  double divisor;
  std::string_view unit;
};
constexpr std::array<Step, 4> time_steps{{{1, "ns"}, {1e3, "µs"}, {1e6, "ms"}, {1e9, "s"}}};
constexpr std::array<Step, 5> byte_steps{
    {{1, "B"}, {1024.0, "KiB"}, {1048576.0, "MiB"}, {1073741824.0, "GiB"}, {1099511627776.0, "TiB"}}};
constexpr std::array<Step, 4> rate_steps{{{1, "/s"}, {1e3, "k/s"}, {1e6, "M/s"}, {1e9, "G/s"}}};
constexpr std::array<Step, 1> percent_steps{{{1, "%"}}};
constexpr std::array<Step, 1> plain_steps{{{1, ""}}};

std::span<const Step> steps_of(Unit unit) {
  switch (unit) {
    case Unit::nanoseconds: return time_steps;
    case Unit::bytes: return byte_steps;
    case Unit::per_second: return rate_steps;
    case Unit::percent: return percent_steps;
    case Unit::plain: break;
  }
  return plain_steps;
}

// Measures whose name alone reads badly. Others are their name without unit and underscores.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> labels{{
    {"wall_ns_per_operation", "wall time per operation"},
    {"worker_wall_ns_per_operation", "wall time per operation of one worker"},
    {"cpu_ns_per_operation", "CPU time per operation"},
    {"region_ns", "timed region"},
    {"voluntary_switches", "voluntary context switches"},
    {"involuntary_switches", "involuntary context switches"},
    {"peak_resident_bytes", "peak memory"},
    {"minor_faults", "page faults (minor)"},
    {"latency_p50_ns", "latency, median"},
    {"latency_p90_ns", "latency, 90 % within"},
    {"latency_p99_ns", "latency, 99 % within"},
    {"latency_p99_9_ns", "latency, 99.9 % within"},
    {"fairness_jain", "fairness (Jain's index)"},
    {"rate_max_over_min", "fastest worker by slowest"},
    {"pss_bytes_per_worker", "memory of one worker process (PSS)"},
    {"resident_growth_bytes_per_worker", "memory that one worker thread took"},
}};

std::string with_separators(std::string digits) {
  const auto point = digits.find('.');
  const std::size_t start = digits.starts_with('-') ? 1 : 0;
  for (auto i = point == std::string::npos ? digits.size() : point; i > start + 3;) digits.insert(i -= 3, ",");
  return digits;
}

bool has_part(std::string_view name, std::string_view part) {
  for (std::size_t at = name.find(part); at != std::string_view::npos; at = name.find(part, at + 1)) {
    const bool starts = at == 0 || name[at - 1] == '_';
    const bool ends = at + part.size() == name.size() || name[at + part.size()] == '_';
    if (starts && ends) return true;
  }
  return false;
}

}  // namespace

Unit unit_of(std::string_view measure) {
  if (measure.ends_with("per_second")) return Unit::per_second;
  if (has_part(measure, "ns")) return Unit::nanoseconds;
  if (has_part(measure, "bytes")) return Unit::bytes;
  if (has_part(measure, "percent")) return Unit::percent;
  return Unit::plain;
}

std::string label_of(std::string_view measure) {
  for (const auto& [name, label] : labels)
    if (name == measure) return std::string(label);
  std::string label;
  for (std::size_t at = 0; at < measure.size();) {
    const auto end = std::min(measure.find('_', at), measure.size());
    const auto part = measure.substr(at, end - at);
    at = end + 1;
    if (part.empty() || part == "bytes" || part == "percent") continue;
    if (!label.empty()) label += ' ';
    label += part == "ns" ? "time" : part;
  }
  return label;
}

Scale scale_for(double value, Unit unit) {
  const double size = std::abs(value);
  if (!std::isfinite(size)) return {1, steps_of(unit).front().unit, 0};
  const auto steps = steps_of(unit);
  Step chosen = steps.front();
  for (const auto& step : steps)
    if (size / step.divisor >= 0.9995) chosen = step;  // 999.7 ns is 1.00 µs, not 1000 ns
  const double shown = size / chosen.divisor;
  if (unit == Unit::plain && shown == std::floor(shown) && shown < 1e15) return {1, "", 0};
  if (shown == 0) return {chosen.divisor, chosen.unit, 0};
  int decimals = 0;
  if (shown < 0.0995)
    decimals = std::min(6, 2 - static_cast<int>(std::floor(std::log10(shown))));
  else if (shown < 9.995)
    decimals = 2;
  else if (shown < 99.95)
    decimals = 1;
  if (unit == Unit::bytes && chosen.divisor == 1) decimals = 0;
  return {chosen.divisor, chosen.unit, decimals};
}

std::string number(double value, const Scale& scale) {
  if (!std::isfinite(value)) return "–";
  return with_separators(fmt::format("{:.{}f}", value / scale.divisor, scale.decimals));
}

std::string figure(double value, const Scale& scale) {
  auto text = number(value, scale);
  if (!scale.unit.empty()) text.append(" ").append(scale.unit);
  return text;
}
std::string figure(double value, Unit unit) { return figure(value, scale_for(value, unit)); }

std::string count(std::uint64_t value) { return with_separators(std::to_string(value)); }

std::string plural(std::uint64_t value, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count(value), value == 1 ? one : many);
}
std::string plural(std::uint64_t value, std::string_view one) { return plural(value, one, std::string(one) + "s"); }

std::string interval(const Estimate& estimate, const Scale& scale) {
  if (!estimate.low || !estimate.high) return "";
  return number(*estimate.low, scale) + "–" + number(*estimate.high, scale);
}

std::string ratio(double value) { return number(value, scale_for(value, Unit::percent)) + "×"; }

}  // namespace chicane::reports
