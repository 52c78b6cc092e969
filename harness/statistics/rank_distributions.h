// Null distributions of rank statistics. Internal to this folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace chicane {

// Twice the mid-ranks of values, from 1, in the values' own order: whole numbers, so that ties stay exact.
std::vector<std::uint32_t> doubled_ranks(std::span<const double> values);

// P(S = s) of the sum of those of `doubled` that a fair coin picks: the signed-rank statistic, doubled.
std::vector<double> signed_rank_distribution(std::span<const std::uint32_t> doubled);

// P(S = s) of the sum of `picked` of `doubled`, every choice being as likely: the rank-sum statistic, doubled.
std::vector<double> rank_sum_distribution(std::span<const std::uint32_t> doubled, std::size_t picked);

// P(S >= from) and P(S <= to).
double upper_tail(std::span<const double> distribution, std::size_t from);
double lower_tail(std::span<const double> distribution, std::size_t to);

// Of n values without ties: the largest k with P(W < k) <= tail, so that the k-th smallest and k-th largest Walsh
// average bound the centre; none where even P(W = 0) is above it. Normal above 200 values.
std::optional<std::size_t> signed_rank_quantile(std::size_t n, double tail);
// Likewise for Mann and Whitney's U of m and n values and their differences. Normal above 50 values of a side.
std::optional<std::size_t> rank_sum_quantile(std::size_t m, std::size_t n, double tail);

inline constexpr std::size_t most_signed_ranks = 200, most_of_a_side = 50;  // that are counted exactly

double normal_upper_tail(double z);

}  // namespace chicane
