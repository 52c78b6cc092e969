// One side of a comparison: which rounds of which scenario, and which of their figures. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/model/error.h"
#include "harness/model/run.h"
#include "harness/statistics/summary.h"

namespace chicane {

// Values of an axis that depend on the host.
inline constexpr std::int64_t as_many_as_cores = -1, twice_the_cores = -2;

struct Side {
  std::string scenario;
  std::map<std::string, std::int64_t> args = {};  // of its axes; those that are left out may be any
  std::uint32_t workers = 0;                      // 0: any
  WorkerKind kind = WorkerKind::thread;           // of scenarios with both kinds
  std::string figure = "wall_ns_per_operation";   // a measure, or a counter of its own
  double divided_by = 1;                          // what one operation holds several of
};

// The figure in each round that counts. The error says why there is none: the scenario was not run, or was not right.
Result<std::vector<RoundFigure>> rounds_of(const Run& run, const Side& side);

// Median with its interval, over rounds.
Estimate median_of(const std::vector<RoundFigure>& rounds);

// How many times as much one side is than the other: ratio_by_round or, where fewer than six rounds have both (shards),
// the ratio of the two medians with its wider interval. `rounds`: those that have both.
Estimate ratio_of(const std::vector<RoundFigure>& above, const std::vector<RoundFigure>& below);

// Completed trials of the side in lanes that run the plain build, and those of them that showed a finding of this kind.
struct Shown {
  std::uint32_t processes = 0, showing = 0;
};
Shown processes_showing(const Run& run, const Side& side, FindingKind kind);

// Empty: the scenario passed in the bench lane. Else why its figures don't count.
std::string why_not_right(const Run& run, const std::string& scenario);

}  // namespace chicane
