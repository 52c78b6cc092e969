// Times in formats that take nothing else where a time stands. Pure.
#pragma once

#include <string_view>

namespace chicane::reports {

// "2026-01-01T00:00:00Z"
constexpr bool is_utc_time(std::string_view text) {
  constexpr std::string_view pattern = "0000-00-00T00:00:00Z";
  if (text.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i)
    if (pattern[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != pattern[i]) return false;
  return true;
}

}  // namespace chicane::reports
