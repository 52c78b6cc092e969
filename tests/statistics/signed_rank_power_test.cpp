#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/statistics/rank_tests.h"
#include "tests/statistics/simulated.h"

namespace chicane {
namespace {

constexpr double margin = 0.02;

TEST(Power, IsNoneWhereNoOutcomeIsSignificant) {
  SimulatedNoise noise(NoiseShape::normal, 1);
  const auto seen = noise.values(12, 0, 0.01);
  EXPECT_EQ(signed_rank_power(seen, 10, margin, 6, 0.01), 0) << "2^-6 is above 1 %";
  EXPECT_EQ(detectable_slowdown(seen, margin, 6, 0.01, 0.9), std::numeric_limits<double>::infinity());
  EXPECT_GT(signed_rank_power(seen, 10, margin, 7, 0.01), 0.99);
  EXPECT_LT(detectable_slowdown(seen, margin, 7, 0.01, 0.9), 1);
  EXPECT_FALSE(finds_slowdown(seen, 10, margin, 6, 0.01, 0.9));
  EXPECT_FALSE(finds_slowdown(seen, 10, margin, 6, 0.01, 0)) << "what is never found is not found in 0 % either";
  EXPECT_EQ(signed_rank_power({}, 1, margin, 12, 0.05), 0);
  EXPECT_EQ(signed_rank_power(std::vector{0.01}, 1, margin, 12, 0.05), 0) << "one round shows no noise";
}

TEST(Power, GrowsWithTheSlowdownAndTheRoundsAndFallsWithTheNoise) {
  SimulatedNoise noise(NoiseShape::normal, 2);
  const auto unit = noise.values(20, 0, 1);
  const auto scaled = [&](double deviation) {
    auto values = unit;
    for (double& value : values) value *= deviation;
    return values;
  };
  double last = -1;
  for (double slowdown = 0; slowdown < 0.1; slowdown += 0.01) {
    const double power = signed_rank_power(scaled(0.03), slowdown, margin, 20, 0.05);
    EXPECT_GE(power, last);
    last = power;
  }
  EXPECT_GT(last, 0.99);
  EXPECT_LT(detectable_slowdown(scaled(0.03), margin, 40, 0.05, 0.9),
            detectable_slowdown(scaled(0.03), margin, 20, 0.05, 0.9));
  EXPECT_LT(detectable_slowdown(scaled(0.01), margin, 20, 0.05, 0.9),
            detectable_slowdown(scaled(0.03), margin, 20, 0.05, 0.9));
}

TEST(Power, DoesNotDependOnTheLevelOfWhatWasSeen) {
  SimulatedNoise noise(NoiseShape::laplace, 3);
  auto seen = noise.values(15, 0, 0.02);
  const double here = detectable_slowdown(seen, margin, 15, 0.05, 0.9);
  for (double& value : seen) value += 0.3;
  EXPECT_NEAR(detectable_slowdown(seen, margin, 15, 0.05, 0.9), here, 1e-6);
}

TEST(Power, OfTheDetectableSlowdownIsAtLeastWhatWasAskedFor) {
  SimulatedNoise noise(NoiseShape::student3, 4);
  for (const double power : {0.5, 0.9, 0.95}) {
    const auto seen = noise.values(16, 0, 0.03);
    const double slowdown = detectable_slowdown(seen, margin, 16, 0.01, power);
    EXPECT_TRUE(finds_slowdown(seen, slowdown * 1.0001, margin, 16, 0.01, power));
    EXPECT_FALSE(finds_slowdown(seen, slowdown * 0.9999, margin, 16, 0.01, power));
    EXPECT_GE(signed_rank_power(seen, slowdown, margin, 16, 0.01), power - 0.01);
    EXPECT_LT(signed_rank_power(seen, slowdown - 0.3 * (slowdown - margin), margin, 16, 0.01), power);
  }
}

TEST(Power, OfRoundsWithoutNoiseBeginsAtTheMargin) {
  EXPECT_NEAR(detectable_slowdown(std::vector<double>(10, 0.5), margin, 10, 0.05, 0.9), margin, 1e-9);
  EXPECT_EQ(signed_rank_power(std::vector<double>(10, 0.5), margin, margin, 10, 0.05), 0);
}

TEST(Power, IsMoreCarefulAfterFewRounds) {
  // The same spread, seen in few rounds and in many.
  const std::vector<double> few{-0.03, -0.01, 0, 0.01, 0.03};
  std::vector<double> many;
  for (int i = 0; i < 4; ++i) many.insert(many.end(), few.begin(), few.end());
  EXPECT_GT(detectable_slowdown(few, 0, 20, 0.05, 0.9), 1.15 * detectable_slowdown(many, 0, 20, 0.05, 0.9));
  EXPECT_LT(signed_rank_power(few, 0.015, 0, 20, 0.05), signed_rank_power(many, 0.015, 0, 20, 0.05) - 0.05);
}

struct Calibration {
  double stated = 0, happened = 0;
};

// A gate sees `rounds` rounds, says its power at a slowdown, and finds it or not; over many gates.
Calibration calibration(NoiseShape shape, std::size_t rounds, double alpha, double slowdown, int gates) {
  SimulatedNoise noise(shape, 1000 * rounds + static_cast<std::uint64_t>(slowdown * 1e4));
  Calibration result;
  for (int i = 0; i < gates; ++i)
    result.stated += signed_rank_power(noise.values(rounds, 0, 0.03), slowdown, margin, rounds, alpha) / gates;
  const int more = 20 * gates;  // which are cheap
  for (int i = 0; i < more; ++i)
    result.happened += (signed_rank_greater(noise.values(rounds, slowdown, 0.03), margin) <= alpha) / double(more);
  return result;
}

class StatedPower : public testing::TestWithParam<NoiseShape> {};

TEST_P(StatedPower, IsWithinFivePointsOfWhatHappens) {
  for (const std::size_t rounds : {std::size_t{12}, std::size_t{20}, std::size_t{40}})
    for (const double errors : {2.0, 3.0, 4.5}) {
      const double slowdown = margin + errors * 0.03 / std::sqrt(static_cast<double>(rounds));
      const auto [stated, happened] = calibration(GetParam(), rounds, 0.05, slowdown, simulations(200));
      RecordProperty("rounds " + std::to_string(rounds) + " errors " + std::to_string(errors),
                     std::to_string(stated) + " " + std::to_string(happened));
#ifdef CHICANE_SANITIZED_TEST
      EXPECT_NEAR(stated, happened, 0.15) << rounds << " rounds, " << slowdown;  // of 10 gates
#else
      EXPECT_NEAR(stated, happened, 0.05) << rounds << " rounds, " << slowdown;
#endif
    }
}

TEST_P(StatedPower, OfDetectableSlowdownsIsReached) {
  // Gates that each say which slowdown they would find with 90 %, and are then given that one.
  for (const std::size_t rounds : {std::size_t{12}, std::size_t{30}}) {
    SimulatedNoise noise(GetParam(), 9 + rounds);
    const int gates = simulations(150);
    int found = 0;
    for (int i = 0; i < gates; ++i) {
      const double slowdown = detectable_slowdown(noise.values(rounds, 0, 0.03), margin, rounds, 0.05, 0.9);
      for (int k = 0; k < 50; ++k) found += signed_rank_greater(noise.values(rounds, slowdown, 0.03), margin) <= 0.05;
    }
    const double share = found / (50.0 * gates);
    RecordProperty("rounds " + std::to_string(rounds), std::to_string(share));
#ifdef CHICANE_SANITIZED_TEST
    EXPECT_GE(share, 0.7) << rounds;  // of 7 gates
#else
    EXPECT_NEAR(share, 0.9, 0.05) << rounds;
#endif
  }
}

std::string name_of(const testing::TestParamInfo<NoiseShape>& shape) {
  constexpr std::array names{"Normal", "Laplace", "Student3"};
  return names[static_cast<std::size_t>(shape.param)];
}
INSTANTIATE_TEST_SUITE_P(Noise, StatedPower, testing::ValuesIn(noise_shapes), name_of);

}  // namespace
}  // namespace chicane
