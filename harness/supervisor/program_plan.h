// A program to be explored, planned as a run of one scenario: `program/NAME`, which declares nothing.
#pragma once

#include <string>
#include <vector>

#include "harness/model/error.h"
#include "harness/supervisor/plan.h"

namespace chicane {

// `options.explore.program` is the command. Errors: no such file, no tree that explores.
Result<Campaign> plan_program(const std::vector<Tree>& trees, const RunOptions& options);

// FAMILY/NAME: the file's name in the letters that ids have.
std::string id_of_file(const std::string& family, const std::string& file);
std::string program_id(const std::string& file);

}  // namespace chicane
