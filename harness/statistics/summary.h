// Medians and intervals of the bench lane's rounds. Pure functions; formulas are at their definitions.
#pragma once

#include <span>
#include <vector>

#include "harness/model/run.h"

namespace chicane {

// Median with the distribution-free 95 % interval between order statistics (binomial; Conover, Practical Nonparametric
// Statistics, 3rd ed., §3.2). Below 6 values there is none: the widest, [min, max], covers less than 95 %.
Estimate median_with_interval(std::span<const double> values);

// One summary for each scenario × parameters of completed, non-calibration bench trials, in order of first appearance.
std::vector<Summary> summarize(const Run& run);

}  // namespace chicane
