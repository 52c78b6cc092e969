// Latencies of many operations, as counts in buckets: <chicane/latency.h> has the layout, this is what is read off it.
// Plain values, pure functions; workers each have one, and a trial's is their sum.
#pragma once

#include <chicane/latency.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/model/values.h"

namespace chicane {

class Histogram {
 public:
  Histogram() = default;
  explicit Histogram(const chicane_latency& recorded) { add(recorded); }

  void add(const chicane_latency& recorded);
  void add(const Histogram& other);

  std::uint64_t count() const { return count_; }
  std::uint64_t beyond() const { return beyond_; }  // of them longer than the buckets go
  double mean_ns() const;                           // exact; NaN of nothing
  std::uint64_t longest_ns() const { return longest_ns_; }
  // The smallest value that at least `share` (0 … 1) of all are not above; the middle of its bucket, so within 0.4 % of
  // it. Nothing where it is beyond the buckets, or there is none.
  std::optional<double> quantile_ns(double share) const;

  bool operator==(const Histogram&) const = default;

 private:
  std::uint64_t count_ = 0, beyond_ = 0, longest_ns_ = 0;
  double total_ns_ = 0;
  std::vector<std::uint64_t> buckets_;  // empty: all 0
};

// latency_count, latency_mean_ns, latency_max_ns, and of latency_p50_ns, …_p90_ns, …_p99_ns, …_p99_9_ns those that have
// at least 10 values above them: with fewer, where the quantile lies is the chance of a few operations (their number is
// about Poisson, so that 10 are known to a third). latency_beyond where there are any. Nothing of nothing.
Values latency_measures(const Histogram& histogram);

}  // namespace chicane
