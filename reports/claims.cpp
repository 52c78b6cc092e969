#include "reports/claims.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/figures.h"

namespace chicane::reports {
namespace {

// Three digits, and whole numbers above that: figures here go from hundredths to thousands.
std::string plain(double value) {
  return value >= 100 || value == static_cast<int>(value) ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value);
}

// "1.96× [1.90–2.01]": the ends with as many decimals as the value, which has three digits.
std::string with_interval(double value, const std::string& unit, const std::optional<double>& low,
                          const std::optional<double>& high) {
  if (!low || !high) return plain(value) + unit;
  const int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : value >= 0.9995 ? 2 : value >= 0.0995 ? 3 : 4;
  return fmt::format("{:.{}f}{} [{:.{}f}–{:.{}f}]", value, decimals, unit, *low, decimals, *high, decimals);
}

}  // namespace

std::string_view words_of(ClaimGrade grade) {
  switch (grade) {
    case ClaimGrade::holds: return "holds";
    case ClaimGrade::does_not_hold: return "does not hold";
    case ClaimGrade::inconclusive: return "inconclusive";
    case ClaimGrade::not_measured: break;
  }
  return "not measured";
}

std::string_view shape_of(ClaimGrade grade) {
  switch (grade) {
    case ClaimGrade::holds: return "✓";
    case ClaimGrade::does_not_hold: return "✗";
    case ClaimGrade::inconclusive: return "?";
    case ClaimGrade::not_measured: break;
  }
  return "–";
}

std::string figure_of(const Claim& claim) {
  if (!claim.value) return "";
  const auto space = claim.unit.empty() || claim.unit == "×" ? "" : " ";
  return with_interval(*claim.value, space + claim.unit, claim.low, claim.high);
}

std::string figure_of(const Choice& choice) {
  if (choice.bytes) return figure(*choice.bytes, Unit::bytes);
  if (!choice.relative_time) return choice.time_ns ? figure(*choice.time_ns, Unit::nanoseconds) : "";
  // What all are held against is 1 by definition.
  if (choice.low == choice.high) return plain(*choice.relative_time);
  return with_interval(*choice.relative_time, "", choice.low, choice.high);
}

std::string counts_of(const Run& run) {
  const auto number = [&](ClaimGrade grade) { return std::ranges::count(run.claims, grade, &Claim::grade); };
  std::vector<std::string> parts;
  for (const auto& [grade, one, many] : {std::tuple(ClaimGrade::holds, "holds", "hold"),
                                         {ClaimGrade::does_not_hold, "does not hold", "do not hold"},
                                         {ClaimGrade::inconclusive, "is inconclusive", "are inconclusive"},
                                         {ClaimGrade::not_measured, "was not measured", "were not measured"}})
    if (const auto n = number(grade); n != 0) parts.push_back(fmt::format("{} {}", n, n == 1 ? one : many));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::vector<ClaimRow> claim_rows(const Run& run) {
  std::vector<ClaimRow> rows;
  for (std::size_t i = 0; i < run.claims.size(); ++i) {
    const auto& id = run.claims[i].id;
    auto row = std::ranges::find(rows, std::string_view(id), &ClaimRow::id);
    if (row == rows.end()) row = rows.insert(rows.end(), {id, {}});
    row->positions.push_back(i);
  }
  return rows;
}

std::vector<std::string> languages_of(const Run& run) {
  std::vector<std::string> languages;
  const auto add = [&](const std::string& language) {
    if (std::ranges::find(languages, language) == languages.end()) languages.push_back(language);
  };
  for (const auto& claim : run.claims) add(claim.language);
  for (const auto& choice : run.choices) add(choice.language);
  return languages;
}

}  // namespace chicane::reports
