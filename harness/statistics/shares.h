// What a number of hits says of the share behind it. Pure functions.
#pragma once

#include <cstdint>

namespace chicane {

struct ShareBounds {
  double lower = 0, upper = 1;
};

// Two-sided: misses the true share at most (1 − confidence) / 2 of the time to each side (Clopper and Pearson,
// Biometrika 26, 1934). Of nothing it is all, [0, 1].
ShareBounds clopper_pearson(std::uint64_t hits, std::uint64_t of, double confidence = 0.95);

// One-sided: the true share lies above (below) it at most 1 − confidence of the time.
double share_at_most(std::uint64_t hits, std::uint64_t of, double confidence = 0.95);
double share_at_least(std::uint64_t hits, std::uint64_t of, double confidence = 0.95);

// Fisher's exact test (Journal of the Royal Statistical Society 85, 1922), one-sided: how likely `hits` of `of` or more
// are beside `other_hits` of `other_of`, where both have the same share. 1 where a side is empty.
double fisher_greater(std::uint64_t hits, std::uint64_t of, std::uint64_t other_hits, std::uint64_t other_of);

}  // namespace chicane
