// Where the level of a series changes: E-divisive (Matteson and James, J. American Statistical Assoc. 109, 2014; as
// used on benchmark results by Daly et al., ICPE 2020, and Fleming et al., ICPE 2023). Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace chicane {

struct ChangePoint {
  std::size_t at = 0;            // index of the first value of the new level
  double before = 0, after = 0;  // medians of the values back to the last change point and up to the next one
  double p_value = 1;            // of the permutation test that let it be one
  bool operator==(const ChangePoint&) const = default;
};

struct ChangePointSearch {
  // Of a series that does not change, at most this share shows any change point: the permutation test is exact.
  double significance = 0.005;
  std::size_t permutations = 999;  // with the series itself 1000, so that p-values are thousandths
  std::size_t shortest = 5;        // values on either side of a change point
  double smallest_step = 0;        // between medians, below which a change point is dropped
  std::uint64_t seed = 20'140'101;
};

// In ascending order; of times, give logarithms. The values' order must be that of time, none may be NaN or infinite.
// The same values always give the same answer. Takes O(n log n) for each permutation.
std::vector<ChangePoint> change_points(std::span<const double> values, const ChangePointSearch& search = {});

}  // namespace chicane
