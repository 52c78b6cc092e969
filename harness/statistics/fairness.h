// Whether workers got on equally well. Pure functions.
#pragma once

#include <span>

#include "harness/model/trial.h"
#include "harness/model/values.h"

namespace chicane {

// All workers of a trial make the same number of turns, so what differs is how fast: x = operations / the worker's own
// time in the loop. fairness_jain = (Σx)² / (n · Σx²), from 1/n (one worker got everything) to 1 (all are equal): Jain,
// Chiu, Hawe, A Quantitative Measure of Fairness and Discrimination, DEC-TR-301, 1984. rate_max_over_min is the fastest
// worker's x by the slowest one's. Only workers of one role are compared, and the least fair role counts. Nothing where
// no role has two workers, or one of them has no time or no operation.
//
// A worker that ends early leaves the CPUs to the others, which makes up for a part: the two are bounds of how unfair
// it was, from below.
Values fairness_measures(std::span<const WorkerRecord> workers);

}  // namespace chicane
