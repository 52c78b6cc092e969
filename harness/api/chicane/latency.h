// chicane/latency.h: how a worker's latencies are kept, in memory that the harness gives: no call for each of them.
//
// A count for each bucket, laid out as in HdrHistogram (Gil Tene, hdrhistogram.org): each factor of two is cut into 128
// buckets of one width, so that a bucket is at most 1/128 of its values wide, and below 256 ns each ns has its own. The
// value in the middle of a bucket is within 0.4 % of all values in it. Counts, total and longest are exact.
#ifndef CHICANE_LATENCY_H
#define CHICANE_LATENCY_H

#include <chicane/plugin.h>

#include <cstdint>

namespace chicane {
inline namespace v1 {

// What is as long or longer (4.6 minutes) is counted in `beyond`.
inline constexpr std::uint64_t latency_limit_ns = std::uint64_t{1} << 38;

inline std::uint32_t latency_bucket(std::uint64_t ns) {  // ns < latency_limit_ns
  const auto shift = static_cast<std::uint32_t>(56 - __builtin_clzll(ns | 255));
  return shift * 128 + static_cast<std::uint32_t>(ns >> shift);
}
// Smallest value of a bucket; of the one after the last, the limit.
inline std::uint64_t latency_bucket_start(std::uint32_t bucket) {
  if (bucket < 256) return bucket;
  return std::uint64_t{128 + bucket % 128} << (bucket / 128 - 1);
}

// One thread at a time.
inline void record_latency(chicane_latency& into, std::uint64_t ns) {
  ++into.recorded;
  into.total_ns += ns;
  if (ns > into.longest_ns) into.longest_ns = ns;
  if (ns < latency_limit_ns)
    ++into.buckets[latency_bucket(ns)];
  else
    ++into.beyond;
}

}  // namespace v1
}  // namespace chicane

#endif
