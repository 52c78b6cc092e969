// A finished run on its way out: files in a folder, a summary on the console.
#pragma once

#include <cstdio>
#include <string>

#include "harness/model/error.h"
#include "harness/model/run.h"
#include "reports/render.h"

namespace chicane {

// The checked-out tree of a hosted CI (GITHUB_WORKSPACE); empty: there is none.
std::string source_root_here();

// Makes the folder and proves that it can be written.
Result<void> open_results(const std::string& folder);

// Takes away what an earlier run left in the folder, so that its files are never taken for those of the run going on.
void remove_results(const std::string& folder);

// run.json first, then report.html, junit.xml, report.md and report.sarif: a report that can't be written loses no
// measurement.
Result<void> write_results(const Run& run, const std::string& folder);

// "DIR/schedules/NAME.schedule" of each finding that has a schedule.
Result<void> write_schedules(const Run& run, const std::string& folder);

// Columns for the picture of a schedule on stdout: those of the terminal, else some that suit a file.
unsigned picture_width();

// Of a terminal its width and colours; never colours with NO_COLOR set.
ConsoleStyle console_style(std::FILE* out);

void print_summary(const Run& run, std::FILE* out);

}  // namespace chicane
