// How many rounds a gate needs, and what it could have found. Pure functions of the log ratios seen so far.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "harness/model/gate.h"

namespace chicane {

// Two tests in a row, each on rounds of its own.
struct TwoStages {
  double margin_log = 0;
  std::size_t screening = 0, confirming = 0;  // rounds
  double screening_level = 0.05, confirming_level = 0.01;
};

// Probability that both find a slowdown of this size: the product, for the rounds are independent.
double power_of(std::span<const double> seen, double slowdown_log, const TwoStages& stages);

// Smallest slowdown (as a log ratio) that both find with probability `power`: each with its square root, so that the
// product is that at least. Nothing: none, however large.
std::optional<double> detectable_by(std::span<const double> seen, const TwoStages& stages, double power);

// Whether that is at most `slowdown_log`; sooner told than how much it is.
bool shows(std::span<const double> seen, double slowdown_log, const TwoStages& stages, double power);

// The fewest confirming rounds that find a slowdown of `detect_log` with the square root of `power`, of those that a
// gate uses (8 to 64); 32 where even the most do not: then the answer is inconclusive either way.
std::size_t confirming_rounds(std::span<const double> seen, double margin_log, double detect_log, double level,
                              double power);

// How many there are for the second look, the first ones among them: 32 to 64. Of 12 rounds one that went far the other
// way leaves no proof at the level that one of ten suspects has, of 32 three do not.
std::size_t last_look(std::size_t first);

// Whether `most` screening rounds may be enough to find it with the square root of `power`, for all that is known yet:
// less careful than detectable_by, which has the last word.
bool may_be_seen(std::span<const double> seen, double margin_log, double detect_log, double level, double power,
                 std::size_t most);

}  // namespace chicane
