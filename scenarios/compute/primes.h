// Primes, counted by trial division and, to check that, by a sieve. The larger a prime is, the more divisions it takes:
// pieces of higher numbers cost a little more.
#pragma once

#include <cstdint>
#include <vector>

inline bool is_prime(std::uint32_t number) {
  if (number < 2) return false;
  for (std::uint32_t divisor = 2; divisor * divisor <= number; ++divisor)
    if (number % divisor == 0) return false;
  return true;
}

// From `first`, and below `end`.
inline std::uint64_t primes_between(std::uint32_t first, std::uint32_t end) {
  std::uint64_t count = 0;
  for (std::uint32_t number = first; number < end; ++number) count += is_prime(number);
  return count;
}

inline std::uint64_t primes_sieved(std::uint32_t first, std::uint32_t end) {
  std::vector<bool> composite(end);
  std::uint64_t count = 0;
  for (std::uint32_t number = 2; number < end; ++number) {
    if (composite[number]) continue;
    count += number >= first;
    for (std::uint64_t multiple = std::uint64_t{number} * number; multiple < end; multiple += number)
      composite[multiple] = true;
  }
  return count;
}
