#include "reports/scaling.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "reports/figures.h"

namespace chicane::reports {
namespace {

// No power of ten: "0.00002".
std::string digits_of(double value, int digits) {
  return value != 0 && std::abs(value) < 1e-4 ? fmt::format("{:.5f}", value) : fmt::format("{:.{}g}", value, digits);
}

std::string with_interval(const Fitted& fitted) {
  return fmt::format("{} [{} … {}]", digits_of(fitted.value, 3), digits_of(fitted.low, 2), digits_of(fitted.high, 2));
}

std::string peak(const Fit& fit) {
  if (!fit.peak_size || !fit.peak_operations_per_second)
    return fit.why_no_peak.empty() ? "no peak" : "no peak is told: " + fit.why_no_peak;
  const auto measured = fit.points.empty() ? 0.0 : fit.points.back().size;
  return fmt::format("largest at {:.1f} {}, {}{}", *fit.peak_size, fit.with,
                     figure(*fit.peak_operations_per_second, Unit::per_second),
                     *fit.peak_size > measured ? fmt::format(" (no more than {} were measured)", measured) : "");
}

}  // namespace

std::string name_of(const Fit& fit) {
  auto text = fit.scenario;
  if (fit.worker_kind == WorkerKind::process) text += " (processes)";
  for (const auto& [axis, value] : fit.args) text += fmt::format(", {}={}", axis, value);
  if (!fit.host.empty()) text += ", on host " + fit.host;
  if (!fit.build.empty()) text += ", build " + fit.build;
  return text;
}

std::string words_of(const Fit& fit) {
  if (!fit.why_not.empty() || !fit.contention || !fit.coherence) return "no law: " + fit.why_not;
  auto text = fmt::format("contention σ {}, coherence κ {}; {}", with_interval(*fit.contention),
                          with_interval(*fit.coherence), peak(fit));
  if (fit.serial_share)
    text += fit.serial_share->value <= 1 ? "; by Amdahl's law a serial share of " + with_interval(*fit.serial_share)
                                         : "; no Amdahl's law: one worker alone does more than several";
  if (fit.largest_misfit) text += fmt::format("; points are off by {:.2g} % at most", 100 * *fit.largest_misfit);
  const auto over = std::ranges::count_if(fit.points, &FitPoint::oversubscribed);
  if (over != 0)
    text +=
        fmt::format("; {} of {} sizes are oversubscribed, so σ has waiting for a CPU in it", over, fit.points.size());
  return text;
}

}  // namespace chicane::reports
