// Text from a run, made safe to show: a scenario's name or output may hold anything. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chicane::reports {

// line: one line, so that newlines and tabs become spaces. block: they stay.
enum class Layout { line, block };

// Valid UTF-8 in which nothing is hidden: control characters as their pictures (␛), bytes that are no UTF-8 as U+FFFD,
// and marks that reorder or hide text (bidirectional controls, zero-width spaces) as "[U+202E]".
std::string visible(std::string_view text, Layout layout = Layout::line);

// Columns that visible text takes on a terminal.
std::size_t columns(std::string_view visible_text);

}  // namespace chicane::reports
