// Rank tests, their estimates and power: what the gate decides with. Pure functions; formulas and sources are at their
// definitions. No value may be NaN. p-values are one-sided where a name says "greater".
//
//   signed-rank   Wilcoxon, Biometrics Bulletin 1, 1945; zeros after Pratt, J. American Statistical Assoc. 54, 1959
//   rank-sum      Mann and Whitney, Annals of Mathematical Statistics 18, 1947
//   estimates     Hodges and Lehmann, Annals of Mathematical Statistics 34, 1963; intervals as in Hollander, Wolfe and
//                 Chicken, Nonparametric Statistical Methods, 3rd ed., §3.3 and §4.3
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/model/run.h"
#include "harness/statistics/shares.h"

namespace chicane {

// Signed-rank test that `values` lie above `margin`, against the null that they lie symmetrically about it or below.
// Exact up to 200 values that are not the margin, ties or not; above, normal with corrections for ties and continuity.
// 1 for no values.
double signed_rank_greater(std::span<const double> values, double margin);

// Median of the means of all pairs (Walsh averages, a value with itself too), with the distribution-free interval that
// belongs to the signed-rank test. It misses the centre of a symmetric distribution at most as often as `missed`; there
// is none below 6 values at 5 %.
Estimate hodges_lehmann(std::span<const double> values, double missed = 0.05);

// Rank-sum test that `candidate` lies above `baseline` + `shift`. Exact up to 50 values a side, ties or not; above,
// normal with corrections for ties and continuity. 1 where a side has no values.
double rank_sum_greater(std::span<const double> candidate, std::span<const double> baseline, double shift);

// The same two-sided and without a shift: twice the smaller tail.
double rank_sum_differs(std::span<const double> a, std::span<const double> b);

// Median of all differences candidate − baseline, with the interval that belongs to the rank-sum test; `rounds` is the
// smaller side's. No interval where even the most extreme order of the values is likelier than missed / 2 (3 and 4).
Estimate hodges_lehmann_shift(std::span<const double> candidate, std::span<const double> baseline,
                              double missed = 0.05);

// The shift beyond `margin` that the one-sided rank-sum test at level `alpha` finds with `power`, by the normal
// approximation with the standard error that the 95 % interval of `shift` implies; nothing without one.
std::optional<double> detectable_shift(const Estimate& shift, double margin, double alpha, double power);

// Which hypotheses are rejected so that any true one is among them with probability `alpha` at most, whatever their
// dependence (Holm, Scandinavian J. of Statistics 6, 1979). In the order given.
std::vector<bool> holm(std::span<const double> p_values, double alpha);

// Power of signed_rank_greater at level `alpha` over `rounds` rounds when all are slower by `slowdown_log` (log ratio),
// with noise like that of the log ratios seen so far, whatever their own level. 0 where fewer than 2 were seen, or
// where no outcome of so few rounds reaches `alpha`. Over many gates its mean is within 5 points of the share that
// finds it (from 12 rounds seen on; with fewer it says less).
double signed_rank_power(std::span<const double> log_ratios, double slowdown_log, double margin_log, std::size_t rounds,
                         double alpha);

// A slowdown (log ratio) that is found with at least `power`; infinity where there is none. More careful than the power
// itself: what was seen of the noise may be too small by chance, so it is somewhat larger than the smallest slowdown of
// that power, and of slowdowns as large as it says, about that share is found, whatever it said.
double detectable_slowdown(std::span<const double> log_ratios, double margin_log, std::size_t rounds, double alpha,
                           double power);

// Whether that is at most `slowdown_log`; sooner told than how much it is.
bool finds_slowdown(std::span<const double> log_ratios, double slowdown_log, double margin_log, std::size_t rounds,
                    double alpha, double power);

}  // namespace chicane
