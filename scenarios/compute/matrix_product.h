// A product of two square matrices, row by row. Elements are unsigned numbers modulo 2^64, so that results are exact.
// A row's digest is its product with the vector 1, 2, 3, …: (A·B)·v as computed, A·(B·v) to check it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

class MatrixProduct {
 public:
  explicit MatrixProduct(std::size_t size) : size_(size) {}

  std::uint64_t digest_of_rows(std::size_t first, std::size_t count) const {
    std::uint64_t digest = 0;
    for (std::size_t row = first; row < first + count; ++row) digest += digest_of_row(row);
    return digest;
  }
  std::uint64_t expected_digest_of_rows(std::size_t first, std::size_t count) const {
    std::uint64_t digest = 0;
    for (std::size_t row = first; row < first + count; ++row) digest += expected_digest_of_row(row);
    return digest;
  }

 private:
  std::uint64_t digest_of_row(std::size_t row) const {
    std::vector<std::uint64_t> product(size_);
    for (std::size_t k = 0; k < size_; ++k)
      for (std::size_t column = 0; column < size_; ++column) product[column] += left(row, k) * right(k, column);
    std::uint64_t digest = 0;
    for (std::size_t column = 0; column < size_; ++column) digest += product[column] * (column + 1);
    return digest;
  }
  std::uint64_t expected_digest_of_row(std::size_t row) const {
    std::uint64_t digest = 0;
    for (std::size_t k = 0; k < size_; ++k) {
      std::uint64_t of_right = 0;
      for (std::size_t column = 0; column < size_; ++column) of_right += right(k, column) * (column + 1);
      digest += left(row, k) * of_right;
    }
    return digest;
  }

  static std::uint64_t left(std::size_t row, std::size_t column) { return 1 + 3 * row + 7 * column; }
  static std::uint64_t right(std::size_t row, std::size_t column) { return 1 + (row ^ (5 * column)); }

  std::size_t size_;
};
