// Laws of scalability, fitted to throughput at several sizes (numbers of workers). Pure functions.
//
//   Universal Scalability Law (Gunther, Guerrilla Capacity Planning, 2007, ch. 4–6), with throughput X at size n
//     X(n) = λ·n / (1 + σ·(n − 1) + κ·n·(n − 1))
//     λ one worker alone, σ contention (waiting for one another), κ coherence (agreeing with one another);
//     largest at n* = √((1 − σ) / κ)
//   Amdahl's law: the same with κ = 0; σ then is the serial share.
//
// n / X(n) is linear in 1/λ, σ/λ and κ/λ, so the best fit is found without search. Errors are taken as shares of what
// the law says, equal at all sizes (weights 1/μ², iterated). Intervals are of 95 %: those of σ and κ, which are ratios
// of two coefficients, are Fieller's (J. Royal Stat. Soc. B 16, 1954), which need no linearisation, with Student's t.
// They come from how the points scatter about the law, so they are wide where the law does not describe them. σ and κ
// may come out below 0: so do those of a perfectly scaling program, half of the time.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "harness/model/run.h"

namespace chicane {

inline constexpr std::size_t points_for_a_fit = 6;

struct ScalabilityLaw {
  Fitted one_alone;           // λ
  Fitted contention;          // σ
  Fitted coherence;           // κ; 0 in Amdahl's
  double largest_misfit = 0;  // of a point, as a share of what the law says
  double throughput(double size) const;
};

// Sizes differ and are at least 1, throughputs are above 0. Nothing with fewer points than coefficients and one, or
// where they scatter so much that an interval has no end.
std::optional<ScalabilityLaw> fit_universal(std::span<const FitPoint> points);
std::optional<ScalabilityLaw> fit_amdahl(std::span<const FitPoint> points);

// One for each scenario that says what it scales with, kind of worker and set of other parameters, in the order of
// summaries; of medians over rounds. What was found wrong, has too few points, or fits no law says so.
std::vector<Fit> fit_scaling(const Run& run);

}  // namespace chicane
