#include "harness/statistics/histogram.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace chicane {
namespace {

Histogram histogram_of(const std::vector<std::uint64_t>& values) {
  const auto recorded = std::make_unique<chicane_latency>();
  for (const auto value : values) record_latency(*recorded, value);
  return Histogram(*recorded);
}

// The value of that rank in a full sort.
double sorted_quantile(std::vector<std::uint64_t> values, double share) {
  std::ranges::sort(values);
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size()) - 1e-6));
  return static_cast<double>(values[std::max<std::size_t>(rank, 1) - 1]);
}

std::vector<std::uint64_t> draw(std::size_t count, const std::function<double(std::mt19937_64&)>& next) {
  std::mt19937_64 random(42);
  std::vector<std::uint64_t> values(count);
  for (auto& value : values) value = static_cast<std::uint64_t>(std::max(0.0, next(random)));
  return values;
}

std::vector<std::pair<std::string, std::vector<std::uint64_t>>> distributions() {
  constexpr std::size_t count = 200'000;
  return {{"uniform", draw(count, std::uniform_real_distribution<double>(0.0, 1e6))},
          {"narrow", draw(count, std::normal_distribution<double>(5e3, 40))},
          {"exponential", draw(count, std::exponential_distribution<double>(1e-5))},
          {"bimodal", draw(count,
                           [](auto& random) {
                             return std::bernoulli_distribution(0.03)(random)
                                        ? std::normal_distribution<double>(4e6, 3e5)(random)
                                        : std::normal_distribution<double>(120.0, 30)(random);
                           })},
          {"heavy tail",  // Pareto with index 1.1, up to minutes
           draw(count, [](auto& random) {
             return std::min(100 * std::pow(std::uniform_real_distribution<double>(1e-12, 1.0)(random), -1 / 1.1),
                             2e11);
           })}};
}

TEST(Histogram, QuantilesAreWithinOnePercentOfAFullSort) {
  for (const auto& [name, values] : distributions()) {
    const auto histogram = histogram_of(values);
    for (const double share : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 1.0}) {
      const double wanted = sorted_quantile(values, share);
      ASSERT_TRUE(histogram.quantile_ns(share)) << name << " " << share;
      EXPECT_NEAR(*histogram.quantile_ns(share), wanted, 0.01 * wanted) << name << " " << share;
    }
  }
}

TEST(Histogram, CountMeanAndLongestAreExact) {
  for (const auto& [name, values] : distributions()) {
    const auto histogram = histogram_of(values);
    std::uint64_t total = 0;
    for (const auto value : values) total += value;
    EXPECT_EQ(histogram.count(), values.size()) << name;
    EXPECT_EQ(histogram.longest_ns(), std::ranges::max(values)) << name;
    EXPECT_DOUBLE_EQ(histogram.mean_ns(), static_cast<double>(total) / static_cast<double>(values.size())) << name;
  }
}

TEST(Histogram, EveryValueIsInTheBucketThatBeginsBelowItAndEndsAboveIt) {
  std::vector<std::uint64_t> values;
  for (std::uint64_t value = 0; value < 5000; ++value) values.push_back(value);
  for (int bit = 12; bit <= 38; ++bit)
    for (const std::int64_t off : {-1, 0, 1})
      values.push_back((std::uint64_t{1} << bit) + static_cast<std::uint64_t>(off));
  for (const auto value : values) {
    if (value >= latency_limit_ns) continue;
    const auto bucket = latency_bucket(value);
    ASSERT_LT(bucket, CHICANE_LATENCY_BUCKETS) << value;
    EXPECT_LE(latency_bucket_start(bucket), value);
    EXPECT_GT(latency_bucket_start(bucket + 1), value);
  }
  EXPECT_EQ(latency_bucket(latency_limit_ns - 1), CHICANE_LATENCY_BUCKETS - 1);
  EXPECT_EQ(latency_bucket_start(CHICANE_LATENCY_BUCKETS), latency_limit_ns);
  for (std::uint32_t bucket = 0; bucket < CHICANE_LATENCY_BUCKETS; ++bucket) {
    const auto first = latency_bucket_start(bucket), width = latency_bucket_start(bucket + 1) - first;
    EXPECT_TRUE(width == 1 || width * 128 <= first) << bucket;
  }
}

TEST(Histogram, MergingIsAssociativeAndTheSameAsRecordingAllInOne) {
  std::vector<std::vector<std::uint64_t>> parts(3);
  std::vector<std::uint64_t> all;
  for (const auto& [name, values] : distributions())
    for (std::size_t i = 0; i < values.size(); i += 7) {
      parts[i % 3].push_back(values[i]);
      all.push_back(values[i]);
    }
  parts[1].push_back(latency_limit_ns), all.push_back(latency_limit_ns);
  const auto a = histogram_of(parts[0]), b = histogram_of(parts[1]), c = histogram_of(parts[2]);
  Histogram left = a, right = b, back = c;
  left.add(b), left.add(c);  // (a + b) + c
  right.add(c);
  Histogram outer = a;
  outer.add(right);          // a + (b + c)
  back.add(b), back.add(a);  // and in the other order
  EXPECT_EQ(left, outer);
  EXPECT_EQ(left, back);
  EXPECT_EQ(left, histogram_of(all));
  left.add(Histogram());
  EXPECT_EQ(left, outer);
}

TEST(Histogram, WhatIsLongerThanItsBucketsIsCountedAndNotDropped) {
  auto values = std::vector<std::uint64_t>(99, 1000);
  values.push_back(latency_limit_ns);
  values.push_back(latency_limit_ns + 5);
  const auto histogram = histogram_of(values);
  EXPECT_EQ(histogram.count(), 101u);
  EXPECT_EQ(histogram.beyond(), 2u);
  EXPECT_EQ(histogram.longest_ns(), latency_limit_ns + 5);
  EXPECT_NEAR(*histogram.quantile_ns(0.5), 1000, 10);
  EXPECT_EQ(histogram.quantile_ns(1.0), std::nullopt);  // it lies where there are no buckets
  EXPECT_EQ(latency_measures(histogram).at("latency_beyond"), 2);
}

TEST(Histogram, OfNothingThereIsNothing) {
  EXPECT_EQ(Histogram().quantile_ns(0.5), std::nullopt);
  EXPECT_TRUE(std::isnan(Histogram().mean_ns()));
  EXPECT_TRUE(latency_measures(Histogram()).empty());
}

TEST(LatencyMeasures, HaveOnlyQuantilesWithTenValuesAboveThem) {
  const auto names = [](std::size_t count) {
    std::string all;
    for (const auto& [name, value] : latency_measures(histogram_of(std::vector<std::uint64_t>(count, 500))))
      all += name + " ";
    return all;
  };
  EXPECT_EQ(names(19), "latency_count latency_max_ns latency_mean_ns ");
  EXPECT_EQ(names(20), "latency_count latency_max_ns latency_mean_ns latency_p50_ns ");
  EXPECT_EQ(names(999), "latency_count latency_max_ns latency_mean_ns latency_p50_ns latency_p90_ns ");
  EXPECT_EQ(names(1000), "latency_count latency_max_ns latency_mean_ns latency_p50_ns latency_p90_ns latency_p99_ns ");
  EXPECT_EQ(names(10'000),
            "latency_count latency_max_ns latency_mean_ns latency_p50_ns latency_p90_ns latency_p99_9_ns "
            "latency_p99_ns ");
}

// A service that answers in 1 ms, and once stalls for 1 s; a request is due each 10 ms. Virtual time.
TEST(CoordinatedOmission, HidesAStallFromAClosedLoopAndNotFromIntendedStarts) {
  constexpr std::uint64_t ms = 1'000'000, every = 10 * ms;
  const auto closed = std::make_unique<chicane_latency>(), open = std::make_unique<chicane_latency>();
  std::uint64_t now = 0;
  for (std::uint64_t request = 0; request < 1000; ++request) {
    const std::uint64_t due = request * every;
    now = std::max(now, due);
    const std::uint64_t start = now;
    now += request == 500 ? 1000 * ms : ms;
    record_latency(*closed, now - start);
    record_latency(*open, now - due);
  }
  const Histogram without(*closed), with(*open);
  EXPECT_EQ(without.longest_ns(), with.longest_ns());
  EXPECT_NEAR(*without.quantile_ns(0.99), 1.0 * ms, 0.01 * ms);  // one of 1,000 saw it
  // Requests that were due during the stall, each 9 ms nearer to its end than the one before: of 111 that waited, 10
  // are above the 99 % quantile.
  EXPECT_NEAR(*with.quantile_ns(0.99), (1000.0 - 10 * 9) * ms, 0.01 * 1000 * ms);
  EXPECT_NEAR(*with.quantile_ns(0.85), 1.0 * ms, 0.01 * ms);
}

}  // namespace
}  // namespace chicane
