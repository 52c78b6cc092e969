// Searches over simulated programs, as the tests ask for them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/explore/portfolio.h"
#include "tests/explore/schedulers/programs.h"

namespace chicane::explore::simulated {

struct Found {
  std::uint64_t number = 0;  // of the schedule, from 1
  Ran ran;
};

inline std::optional<Found> search(const Program& program, Portfolio& portfolio, const Limits& limits = {}) {
  while (const auto next = portfolio.next()) {
    Ran ran = run(program, *next->scheduler, next->seed, limits);
    portfolio.ended(ran.outcome);
    if (!ran.outcome.ok()) return Found{next->number + 1, std::move(ran)};
  }
  return std::nullopt;
}
inline std::optional<Found> search(const Program& program, const SearchOptions& options, const Limits& limits = {}) {
  Portfolio portfolio(options);
  return search(program, portfolio, limits);
}

constexpr std::uint64_t never = ~std::uint64_t{0};
inline std::uint64_t median_of_20(const Program& program, SearchOptions options = {}, const Limits& limits = {}) {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    options.seed = seed;
    const auto found = search(program, options, limits);
    numbers.push_back(found ? found->number : never);
  }
  std::ranges::sort(numbers);
  return (numbers[9] == never || numbers[10] == never) ? never : (numbers[9] + numbers[10]) / 2;
}

}  // namespace chicane::explore::simulated
