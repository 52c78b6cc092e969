// A row of the Mandelbrot set's picture: the iterations of all its points together. Rows near the middle cost many
// times what those at the edge do, so that equal shares of the rows are not equal shares of the work.
#pragma once

#include <cstddef>
#include <cstdint>

inline std::uint64_t mandelbrot_row(double imaginary, std::size_t points, std::size_t most_iterations) {
  std::uint64_t all = 0;
  for (std::size_t point = 0; point < points; ++point) {
    const double real = 3.0 * static_cast<double>(point) / static_cast<double>(points) - 2;
    double x = 0, y = 0;
    for (std::size_t i = 0; i < most_iterations && x * x + y * y <= 4; ++i, ++all) {
      const double next = x * x - y * y + real;
      y = 2 * x * y + imaginary;
      x = next;
    }
  }
  return all;
}
