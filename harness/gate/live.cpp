#include "harness/gate/live.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace chicane {
namespace {

constexpr double turns_wanted = 10;
constexpr double longest_slice = 10;  // in slices asked for
constexpr double longest_round = 4;   // in rounds of slices as asked for
constexpr std::uint32_t fewest_pairs = 6;
constexpr double longest_round_ns = 15e9;

}  // namespace

Result<void> size_slices(DuetPair& pair, const GateAsked& asked, std::uint64_t seed, TrialRunner& runner,
                         const std::atomic<bool>& stop) {
  auto request = pair.baseline.request;
  request.turns = 0;
  request.budget_ns = static_cast<std::uint64_t>(asked.slice_ns);
  request.seed = seed;
  const auto outcome = runner.run(request, pair.baseline.runner, stop);
  const auto& trial = outcome.trial;
  const auto region = trial.measures.find("region_ns");
  if (trial.status != TrialStatus::completed || trial.turns == 0 || region == trial.measures.end()) {
    if (!outcome.findings.empty())
      return failure(fmt::format("the baseline: {}: {}", name(outcome.findings.front().finding.kind),
                                 outcome.findings.front().finding.evidence.message));
    return failure(fmt::format("the baseline could not be timed: {}",
                               trial.status_detail.empty() ? "it made no turn" : trial.status_detail));
  }
  const double slice = static_cast<double>(asked.slice_ns);
  const double turn = std::max((*region).second / static_cast<double>(trial.turns), 0.1);
  const double most = std::max(longest_slice * slice / turn, 1.0);
  const double turns = std::clamp(slice / turn, std::min(turns_wanted, most), std::max(slice / turn, most));
  pair.turns = static_cast<std::uint64_t>(std::max(std::round(turns), 1.0));
  const double slice_time = static_cast<double>(pair.turns) * turn;
  if (4 * slice_time > longest_round_ns)
    return failure(fmt::format("a turn takes {:.1f} s, too long for slices that take turns", turn * 1e-9));
  const double fit = longest_round * slice * asked.pairs / (static_cast<double>(pair.turns) * turn);
  pair.pairs = std::min(asked.pairs, std::max(fewest_pairs, static_cast<std::uint32_t>(std::min(fit, 1e6))));
  // With the pair that warms up; the limit of a trial is 30 s.
  const auto affordable = static_cast<std::uint32_t>(std::min(longest_round_ns / (2 * slice_time) - 1, 1e6));
  pair.pairs = std::max(1u, std::min(pair.pairs, affordable));
  return {};
}

DuetOutcome LiveRounds::take(std::size_t subject, bool same, GateStage stage, std::uint64_t seed) {
  if (stage != GateStage::other_layout) return play_duet(pairs_[subject], same, seed, runner_, stop_);
  auto pair = pairs_[subject];
  // Each round in a layout of its own, on both sides.
  if (auto linked = layouts_->relink(pair, seed); !linked) {
    DuetOutcome outcome;
    outcome.failed = DuetSide::baseline;
    outcome.why = linked.error().message;
    return outcome;
  }
  return play_duet(pair, same, seed, runner_, stop_);
}

bool LiveRounds::has_other_layout(std::size_t subject) {
  return layouts_ != nullptr && layouts_->can_relink(pairs_[subject]);
}

}  // namespace chicane
