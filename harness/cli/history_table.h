// A series of the history as a table of 80 columns, with what changed. Pure.
#pragma once

#include <string>
#include <vector>

#include "harness/gate/history/trend.h"

namespace chicane {

// The last `rows` runs of it; `verdicts` in words, for the heading.
std::string history_table(const HistorySeries& series, const std::vector<Change>& changes, std::size_t rows,
                          const std::string& verdicts);

// "worse by 10.3 %: 23.4 ns → 25.8 ns, p 0.001"
std::string change_in_words(const Change& change, const std::string& measure);

// "counter/locked, 2 threads: wall time per operation"
std::string series_in_words(const HistorySeries& series);

// Broken at spaces into lines of 80 columns, all but the first indented by two more.
std::string history_paragraph(const std::string& text, std::size_t indent = 0);

// The first columns of a text that may hold anything.
std::string cut_to_columns(const std::string& text, std::size_t columns);

}  // namespace chicane
