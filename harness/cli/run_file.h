#pragma once

#include <string>

#include "harness/model/error.h"
#include "harness/model/run.h"

namespace chicane {

// A run.json; errors name the file.
Result<Run> read_run(const std::string& file);

}  // namespace chicane
