// The rules of the SARIF report: the closed list of kinds of findings, and a declared finding that did not show.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "harness/model/words.h"

namespace chicane::reports::sarif {

struct Rule {
  std::string_view id;     // "data_race"
  std::string_view title;  // "DataRace", as SARIF wants names
  std::string_view says;   // one sentence
  std::string_view help;   // what it means and what to do
};

std::span<const Rule> rules();
std::size_t rule_of(FindingKind kind);  // position in rules()
std::size_t rule_of_missed();

}  // namespace chicane::reports::sarif
