// The source lines around the frames of findings, copied into the run so that a report needs nothing but the run.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run.h"

namespace chicane {

// For the innermost user frame of every stack: three lines before and after. `roots`: folders that relative file names
// may start from. Files that are not there are left out; overlapping excerpts of one file are joined.
std::vector<Source> collect_sources(const std::vector<Finding>& findings, const std::vector<std::string>& roots);

}  // namespace chicane
