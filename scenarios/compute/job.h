// The CPU work of this family: four kinds, each cut into pieces that share nothing and may be done at once. A piece has
// one number as its result; Job knows which is right, found another way. Pure functions but for the results.
#pragma once

#include <chicane/scenario.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "scenarios/compute/mandelbrot.h"
#include "scenarios/compute/matrix_product.h"
#include "scenarios/compute/primes.h"
#include "scenarios/processes/factorials.h"

// For .says() and .axis("job", …): what the values mean.
#define CHICANE_JOBS "(job 1: factorials, 2: primes, 3: matrix product, 4: Mandelbrot set)"

class Job {
 public:
  static constexpr std::size_t pieces = 16;
  using Results = std::array<std::uint64_t, pieces>;

  // The explore lane makes thousands of schedules of unoptimized code: there a piece is as small as can be.
  explicit Job(const chicane::Setup& setup) : Job(setup.arg(), setup.lane() == "explore" ? 1 : 16) {}
  Job(std::int64_t kind, std::size_t size) : kind_(kind), size_(size) {}

  std::uint64_t result(std::size_t piece) const {
    switch (kind_) {
      case 1: return factorial_digest(factorial(piece));
      case 2: return primes_between(first_number(piece), first_number(piece + 1));
      case 3: return MatrixProduct(12 * size_).digest_of_rows(4 * (piece % size_), 4);
      default: return mandelbrot_row(row(piece), 16 * size_, 16 * size_);
    }
  }
  std::uint64_t right_result(std::size_t piece) const {
    switch (kind_) {
      case 1: return expected_digest(factorial(piece));
      case 2: return primes_sieved(first_number(piece), first_number(piece + 1));
      case 3: return MatrixProduct(12 * size_).expected_digest_of_rows(4 * (piece % size_), 4);
      default: return mandelbrot_row(-row(piece), 16 * size_, 16 * size_);  // the set is its own mirror image
    }
  }
  // How many results are wrong; they may be the sums of some turns.
  std::size_t wrong(const Results& results, std::uint64_t turns = 1) const {
    std::size_t wrong = 0;
    for (std::size_t piece = 0; piece < pieces; ++piece) wrong += results[piece] != turns * right_result(piece);
    return wrong;
  }

 private:
  std::uint32_t factorial(std::size_t piece) const { return static_cast<std::uint32_t>(100 * size_ + piece); }
  std::uint32_t first_number(std::size_t piece) const { return static_cast<std::uint32_t>((100 + piece) * 64 * size_); }
  static double row(std::size_t piece) { return 2.0 * static_cast<double>(piece) / pieces - 1; }

  std::int64_t kind_;
  std::size_t size_;
};

// The results of a turn, a slot for each piece: distinct ones may be set at once. end_turn() adds them up over turns
// and empties the slots, so that a piece that any turn leaves out is missed, and no earlier turn's result hides it.
class TurnResults {
 public:
  std::uint64_t& operator[](std::size_t piece) { return of_turn_[piece]; }
  // When nobody sets results any more.
  void end_turn() {
    for (std::size_t piece = 0; piece < Job::pieces; ++piece) sums_[piece] += std::exchange(of_turn_[piece], 0);
  }
  std::size_t wrong(const Job& job, std::uint64_t turns) const { return job.wrong(sums_, turns); }

 private:
  Job::Results of_turn_{}, sums_{};
};
