// Medians and intervals of the bench lane's rounds. Pure functions; formulas are at their definitions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "harness/model/name.h"
#include "harness/model/run.h"

namespace chicane {

// Median with the distribution-free 95 % interval between order statistics (binomial; Conover, Practical Nonparametric
// Statistics, 3rd ed., §3.2). Below 6 values there is none: the widest, [min, max], covers less than 95 %.
// `missed`: how often the interval may miss the median, at most.
Estimate median_with_interval(std::span<const double> values, double missed = 0.05);

// Ratio of two medians of positive values, with a 95 % interval: each median has one that misses it in 2.5 % at most,
// so that both hold in 95 % (Bonferroni), however the values are distributed. Wide, and none below 7 values of a side.
Estimate ratio_of_medians(std::span<const double> above, std::span<const double> below);

// One round's figure. Rounds are the same where host and number are: what ran in one lay close together in time.
struct RoundFigure {
  Name host;
  std::uint32_t round = 0;
  double value = 0;
};

// How many times as much one is than the other: the median over rounds of the ratio that both had in one round, with
// the interval of a median. What a round disturbs alike in both (other load, the clock's frequency) cancels. Of several
// values in one round the median counts. No interval where one is not positive: of what is left it would promise too
// much. `rounds`: those that have both.
Estimate ratio_by_round(std::span<const RoundFigure> above, std::span<const RoundFigure> below);

// A value for each round, of several in it the median.
std::vector<double> one_a_round(std::span<const RoundFigure> figures);

// One summary for each scenario × parameters of completed, non-calibration bench trials, in order of first appearance.
// What hardware counters told (hardware.h) is the calibrations'.
// Of merged runs one for each host and build besides: rounds of two machines, or of two builds, are not of one kind.
std::vector<Summary> summarize(const Run& run);

}  // namespace chicane
