// chicane-history-simulation SERIES SEED: false and true change points of simulated histories, one JSON object a row.
// The search is the one that `chicane history show` uses.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>

#include "harness/statistics/change_points.h"
#include "harness/statistics/shares.h"
#include "tests/statistics/simulated.h"

namespace {

using namespace chicane;

struct Case {
  NoiseShape shape;
  double noise, step;
  std::size_t before, after;
};

struct Tally {
  int any = 0, placed = 0, alone = 0;
};

Tally tally(const Case& of, int series, std::uint64_t seed) {
  Tally result;
  for (int i = 0; i < series; ++i) {
    SimulatedNoise noise(of.shape, seed + static_cast<std::uint64_t>(i));
    auto values = noise.values(of.before, 0, of.noise);
    const auto rest = noise.values(of.after, std::log1p(of.step), of.noise);
    values.insert(values.end(), rest.begin(), rest.end());
    const auto points = change_points(values);
    result.any += !points.empty();
    result.alone += points.size() == 1;
    result.placed += std::ranges::any_of(
        points, [&](const ChangePoint& point) { return point.at + 2 >= of.before && point.at <= of.before + 2; });
  }
  return result;
}

void print(const Case& of, int series, std::uint64_t seed) {
  constexpr std::array names{"normal", "Laplace", "Student's t, 3 degrees"};
  const auto [any, placed, alone] = tally(of, series, seed);
  const auto bounds = [series](int hits) {
    return clopper_pearson(static_cast<std::uint64_t>(hits), static_cast<std::uint64_t>(series));
  };
  fmt::print(
      "{{\"noise_shape\": \"{}\", \"noise_percent\": {:g}, \"step_percent\": {:g}, \"before\": {}, \"after\": {}, "
      "\"series\": {}, \"any\": {}, \"any_at_most\": {:.5f}, \"placed\": {}, \"placed_at_least\": {:.5f}, \"alone\": "
      "{}}}\n",
      names[static_cast<std::size_t>(of.shape)], 100 * of.noise, 100 * of.step, of.before, of.after, series, any,
      bounds(any).upper, placed, bounds(placed).lower, alone);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const int series = argc > 1 ? std::atoi(argv[1]) : 1000;
  const auto seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  if (argc > 3 || series <= 0) {
    fmt::print(stderr, "usage: chicane-history-simulation [SERIES [SEED]]\n");
    return 2;
  }
  // Streams of different cases have nothing in common.
  std::uint64_t stream = seed << 32;
  const auto next = [&stream] { return stream += 1 << 24; };
  for (const auto shape : noise_shapes) print({shape, 0.03, 0, 100, 0}, series, next());
  for (const auto shape : noise_shapes) print({shape, 0.03, 0.1, 100, 100}, series, next());
  for (const double step : {0.05, 0.2}) print({NoiseShape::normal, 0.03, step, 100, 100}, series, next());
  for (const std::size_t after : {5, 10, 20}) print({NoiseShape::normal, 0.03, 0.1, 100, after}, series, next());
}
