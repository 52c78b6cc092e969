#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "harness/model/error.h"
#include "harness/supervisor/limits.h"

namespace chicane {

// --limit-memory and its like, as given; empty: the default.
struct LimitOptions {
  std::string memory, output, processes, threads, files;
};
void add_limit_options(CLI::App& command, LimitOptions& options);
Result<ResourceLimits> parse_limits(const LimitOptions& options);

}  // namespace chicane
