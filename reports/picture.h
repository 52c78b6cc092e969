// What a finding's schedule did, as text in columns: one for each thread, time downwards. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run.h"

namespace chicane::reports {

// "reads 0 from total", "locks M1: does not get it"
std::string words_of(const PictureStep& step);
// "holds M1, waits for M2"; empty: neither.
std::string state_of(const PictureStep& step);
// The line of code that a step stands in; empty: the run does not have it.
std::string source_line(const PictureStep& step, const std::vector<Source>& sources);
// File name of a finding's schedule, as runs write it into their folder's schedules/: scenario, kind and the beginning
// of the fingerprint. Empty: it has none.
std::string schedule_name(const Run& run, std::size_t finding);
// Title of a column.
std::string column_title(const Evidence& evidence, std::uint32_t thread);

}  // namespace chicane::reports

namespace chicane {
// For a terminal of so many columns. Empty where the finding has no picture.
std::string render_picture(const Finding& finding, const std::vector<Source>& sources, unsigned width);
}  // namespace chicane
