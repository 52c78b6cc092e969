// What a scenario may be called: family/name, each of a-z, 0-9 and '-', not starting with '-', at most 100 bytes. Pure.
#pragma once

#include <algorithm>
#include <string_view>

namespace chicane {

inline constexpr const char* scenario_id_rule =
    "it must be family/name, each of a-z, 0-9 and '-', not starting with '-', at most 100 bytes";

constexpr bool valid_scenario_id(std::string_view id) {
  constexpr auto valid_part = [](std::string_view part) {
    return !part.empty() && part.front() != '-' && std::ranges::all_of(part, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
  };
  const auto slash = id.find('/');
  return id.size() <= 100 && slash != std::string_view::npos && valid_part(id.substr(0, slash)) &&
         valid_part(id.substr(slash + 1));
}

}  // namespace chicane
