// What a hosted CI takes from a tool: annotations beside the lines of a change, and a summary of the job.
#pragma once

#include <cstdio>
#include <functional>
#include <string>

#include "harness/model/run.h"

namespace chicane {

// Prints the annotations where they are wanted: with `github`, and with `auto` when GITHUB_ACTIONS is "true". Unless
// `never`, appends the summary in Markdown to the file that GITHUB_STEP_SUMMARY names; what would make that file larger
// than the CI takes is left out. Standard error says so, and also when the file can't be written: a run is not worth
// less for it.
void tell_hosted_ci(const Run& run, const std::string& annotations, std::FILE* out);
// The same of what is told otherwise; the texts are made only where they are wanted.
void tell_hosted_ci(const std::string& annotations, const std::function<std::string()>& lines,
                    const std::function<std::string()>& summary, std::FILE* out);

}  // namespace chicane
