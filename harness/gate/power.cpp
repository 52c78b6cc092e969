#include "harness/gate/power.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "harness/statistics/rank_tests.h"

namespace chicane {
namespace {

constexpr std::array<std::size_t, 12> steps{8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64};
constexpr std::size_t when_hopeless = 32;

}  // namespace

double power_of(std::span<const double> seen, double slowdown_log, const TwoStages& stages) {
  return signed_rank_power(seen, slowdown_log, stages.margin_log, stages.screening, stages.screening_level) *
         signed_rank_power(seen, slowdown_log, stages.margin_log, stages.confirming, stages.confirming_level);
}

std::optional<double> detectable_by(std::span<const double> seen, const TwoStages& stages, double power) {
  const double each = std::sqrt(power);
  const double slowdown =
      std::max(detectable_slowdown(seen, stages.margin_log, stages.screening, stages.screening_level, each),
               detectable_slowdown(seen, stages.margin_log, stages.confirming, stages.confirming_level, each));
  if (!std::isfinite(slowdown)) return std::nullopt;
  return slowdown;
}

bool shows(std::span<const double> seen, double slowdown_log, const TwoStages& stages, double power) {
  const double each = std::sqrt(power);
  return finds_slowdown(seen, slowdown_log, stages.margin_log, stages.screening, stages.screening_level, each) &&
         finds_slowdown(seen, slowdown_log, stages.margin_log, stages.confirming, stages.confirming_level, each);
}

std::size_t confirming_rounds(std::span<const double> seen, double margin_log, double detect_log, double level,
                              double power) {
  for (const auto rounds : steps)
    if (finds_slowdown(seen, detect_log, margin_log, rounds, level, std::sqrt(power))) return rounds;
  return when_hopeless;
}

std::size_t last_look(std::size_t first) {
  return std::max<std::size_t>(first, std::clamp<std::size_t>(2 * first, 32, 64));
}

bool may_be_seen(std::span<const double> seen, double margin_log, double detect_log, double level, double power,
                 std::size_t most) {
  return signed_rank_power(seen, detect_log, margin_log, most, level) >= std::sqrt(power);
}

}  // namespace chicane
