// What tutorials say and how it fares on this host, in words that all reports share. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/run.h"

namespace chicane::reports {

std::string_view words_of(ClaimGrade grade);  // "does not hold"
std::string_view shape_of(ClaimGrade grade);  // "✗"
std::string figure_of(const Claim& claim);    // "1.96× [1.90–2.01]"; empty: there is none
std::string figure_of(const Choice& choice);  // "0.51 [0.50–0.53]", "12 KiB"; empty: there is none
std::string counts_of(const Run& run);        // "18 hold, 2 do not hold, …"

// Claims of one id, one for each language, by position in the run.
struct ClaimRow {
  std::string_view id;
  std::vector<std::size_t> positions;
};
std::vector<ClaimRow> claim_rows(const Run& run);

// Each once, in order of first appearance.
std::vector<std::string> languages_of(const Run& run);

}  // namespace chicane::reports
