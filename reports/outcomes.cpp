#include "reports/outcomes.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "reports/figures.h"

namespace chicane::reports {

OutcomeTable outcome_table(const Run& run, const Scenario& scenario) {
  OutcomeTable table;
  if (scenario.outcomes.empty()) return table;
  for (const auto& declared : scenario.outcomes)
    table.rows.push_back({declared.outcome, declared.grade, declared.reason, {}});
  for (const auto placement : {Placement::distinct, Placement::same, Placement::free}) {
    OutcomeTable::Column column{placement, 0, 0, {}};
    std::vector<std::uint64_t> counts(table.rows.size());
    double seconds = 0;
    for (const auto& trial : run.trials) {
      if (trial.scenario != scenario.id || trial.placement != placement || trial.outcomes.empty()) continue;
      for (const auto& [outcome, grade, count] : trial.outcomes) {
        auto row = std::ranges::find(table.rows, outcome, &OutcomeTable::Row::outcome);
        if (row == table.rows.end()) {
          table.rows.push_back({outcome, grade, "", std::vector<std::uint64_t>(table.columns.size())});
          row = table.rows.end() - 1;
          counts.push_back(0);
        }
        counts[static_cast<std::size_t>(row - table.rows.begin())] += count;
        column.turns += count;
      }
      for (const auto& worker : trial.workers)
        if (worker.migrations) column.migrations = column.migrations.value_or(0) + *worker.migrations;
      if (const auto region = trial.measures.find("region_ns"); region != trial.measures.end())
        seconds += region->second * 1e-9;
    }
    if (column.turns == 0) continue;
    column.turns_per_second = seconds > 0 ? static_cast<double>(column.turns) / seconds : 0;
    table.columns.push_back(column);
    for (std::size_t i = 0; i < table.rows.size(); ++i) table.rows[i].counts.push_back(counts[i]);
  }
  return table;
}

bool has_outcomes(const Run& run) {
  return std::ranges::any_of(run.scenarios,
                             [&](const Scenario& one) { return !outcome_table(run, one).columns.empty(); });
}

std::string words_of(Placement placement) {
  switch (placement) {
    case Placement::distinct: return "each on its own CPU";
    case Placement::same: return "all on one CPU";
    case Placement::free: break;
  }
  return "free";
}

std::string words_of(const OutcomeTable::Column& column) {
  const auto moves =
      column.migrations ? fmt::format(", {} migration{}", count(*column.migrations), *column.migrations == 1 ? "" : "s")
                        : "";
  auto rate = figure(column.turns_per_second, Unit::per_second);  // "510 M/s"
  rate.resize(rate.size() - std::string_view("/s").size());
  return fmt::format("{} ({}{}turns a second{})", words_of(column.placement), rate, rate.ends_with(' ') ? "" : " ",
                     moves);
}

std::string share_in_words(std::uint64_t seen, std::uint64_t turns) {
  if (seen == 0 || turns == 0) return count(seen);
  const double percent = 100.0 * static_cast<double>(seen) / static_cast<double>(turns);
  if (percent >= 99.5) return fmt::format("{} ({} %)", count(seen), seen == turns ? "100" : "over 99");
  if (percent >= 10) return fmt::format("{} ({:.0f} %)", count(seen), percent);
  if (percent >= 0.01) return fmt::format("{} ({:.2g} %)", count(seen), percent);
  const double one_in = 100 / percent, step = std::pow(10, std::floor(std::log10(one_in)) - 1);
  return fmt::format("{} (1 in {})", count(seen), count(static_cast<std::uint64_t>(std::round(one_in / step) * step)));
}

}  // namespace chicane::reports
