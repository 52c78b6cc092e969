#include "harness/statistics/histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace chicane {
namespace {

constexpr double values_above = 10;

double middle(std::uint32_t bucket) {
  const auto first = latency_bucket_start(bucket), next = latency_bucket_start(bucket + 1);
  return static_cast<double>(first) + static_cast<double>(next - 1 - first) / 2;
}

}  // namespace

void Histogram::add(const chicane_latency& recorded) {
  if (recorded.recorded == 0) return;
  buckets_.resize(CHICANE_LATENCY_BUCKETS);
  for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += recorded.buckets[i];
  count_ += recorded.recorded;
  beyond_ += recorded.beyond;
  total_ns_ += static_cast<double>(recorded.total_ns);
  longest_ns_ = std::max(longest_ns_, recorded.longest_ns);
}

void Histogram::add(const Histogram& other) {
  if (!other.buckets_.empty()) buckets_.resize(CHICANE_LATENCY_BUCKETS);
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  beyond_ += other.beyond_;
  total_ns_ += other.total_ns_;
  longest_ns_ = std::max(longest_ns_, other.longest_ns_);
}

double Histogram::mean_ns() const {
  return count_ == 0 ? std::numeric_limits<double>::quiet_NaN() : total_ns_ / static_cast<double>(count_);
}

std::optional<double> Histogram::quantile_ns(double share) const {
  if (count_ == 0) return std::nullopt;
  // The rank, from 1. A share such as 0.999 is a little more than it says: of 1,000 it is the 999th value.
  const auto rank = std::max<std::uint64_t>(
      1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_) * (1 - 1e-12))));
  std::uint64_t below = 0;
  for (std::uint32_t i = 0; i < buckets_.size(); ++i) {
    below += buckets_[i];
    if (below >= rank) return std::min(middle(i), static_cast<double>(longest_ns_));
  }
  return std::nullopt;
}

Values latency_measures(const Histogram& histogram) {
  Values measures;
  const auto count = static_cast<double>(histogram.count());
  if (count == 0) return measures;
  measures["latency_count"] = count;
  measures["latency_mean_ns"] = histogram.mean_ns();
  measures["latency_max_ns"] = static_cast<double>(histogram.longest_ns());
  struct Quantile {
    const char* name;
    double share;
  };
  for (const auto& [name, share] : {Quantile{"latency_p50_ns", 0.5}, Quantile{"latency_p90_ns", 0.9},
                                    Quantile{"latency_p99_ns", 0.99}, Quantile{"latency_p99_9_ns", 0.999}}) {
    if (count * (1 - share) < values_above * (1 - 1e-9)) continue;
    if (const auto value = histogram.quantile_ns(share)) measures[name] = *value;
  }
  if (histogram.beyond() != 0) measures["latency_beyond"] = static_cast<double>(histogram.beyond());
  return measures;
}

}  // namespace chicane
