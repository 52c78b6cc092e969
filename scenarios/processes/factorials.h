// The CPU work of this family: factorials of sixteen neighbouring numbers, so that every turn costs nearly the same
// however many workers share them. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>

#include <boost/multiprecision/cpp_int.hpp>

inline constexpr std::size_t factorial_count = 16;
inline constexpr std::uint32_t first_factorial = 500;

// The largest prime below 2^32: a product of two remainders fits in 64 bits, and no factorial below leaves 0.
inline constexpr std::uint32_t digest_prime = 4294967291;

// The factorial in full, some 4,000 bits, and of that the remainder.
inline std::uint32_t factorial_digest(std::uint32_t number) {
  boost::multiprecision::cpp_int product = 1;
  for (std::uint32_t factor = 2; factor <= number; ++factor) product *= factor;
  return static_cast<std::uint32_t>(product % digest_prime);
}

// The same remainder found another way, without big integers.
inline std::uint32_t expected_digest(std::uint32_t number) {
  std::uint64_t remainder = 1;
  for (std::uint32_t factor = 2; factor <= number; ++factor) remainder = remainder * factor % digest_prime;
  return static_cast<std::uint32_t>(remainder);
}
