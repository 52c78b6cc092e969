// Noise for tests by simulation, the same on every host.
#pragma once

#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

namespace chicane {

enum class NoiseShape { normal, laplace, student3 };  // all with mean 0 and deviation 1
inline constexpr NoiseShape noise_shapes[] = {NoiseShape::normal, NoiseShape::laplace, NoiseShape::student3};

class SimulatedNoise {
 public:
  SimulatedNoise(NoiseShape shape, std::uint64_t seed) : shape_(shape), random_(seed) {}
  double operator()() {
    switch (shape_) {
      case NoiseShape::normal: return normal_(random_);
      case NoiseShape::laplace: return (exponential_(random_) - exponential_(random_)) / std::sqrt(2.0);
      case NoiseShape::student3: break;
    }
    return student_(random_) / std::sqrt(3.0);
  }
  std::vector<double> values(std::size_t n, double centre, double deviation) {
    std::vector<double> values(n);
    for (double& value : values) value = centre + deviation * (*this)();
    return values;
  }

 private:
  NoiseShape shape_;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
  std::exponential_distribution<double> exponential_;
  std::student_t_distribution<double> student_{3};
};

// A sanitizer makes it ten times slower, and looks for something else.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CHICANE_SANITIZED_TEST
#endif
#endif
constexpr int simulations([[maybe_unused]] int full) {
#ifdef CHICANE_SANITIZED_TEST
  return full / 20;
#else
  return full;
#endif
}

}  // namespace chicane
