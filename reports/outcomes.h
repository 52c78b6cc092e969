// Outcomes of a litmus scenario over all its trials, by placement. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/run.h"

namespace chicane::reports {

struct OutcomeTable {
  struct Column {
    Placement placement = Placement::free;
    std::uint64_t turns = 0;
    double turns_per_second = 0;
    std::optional<std::uint64_t> migrations;  // of all actors to other CPUs; nothing where the host did not tell
  };
  struct Row {
    std::string outcome;
    Grade grade = Grade::undeclared;
    std::string reason;
    std::vector<std::uint64_t> counts;  // by column
  };
  std::vector<Column> columns;  // distinct, same, free: those that were run
  std::vector<Row> rows;        // as declared, then what else was seen
};
OutcomeTable outcome_table(const Run& run, const Scenario& scenario);  // no columns: nothing to tell
bool has_outcomes(const Run& run);                                     // of any scenario

std::string words_of(Placement placement);                             // "each on its own CPU"
std::string words_of(const OutcomeTable::Column& column);              // "free (1.23 M turns a second, 5 migrations)"
std::string share_in_words(std::uint64_t count, std::uint64_t turns);  // "1,234 (0.52 %)", "39 (1 in 12,000,000)", "0"

}  // namespace chicane::reports
