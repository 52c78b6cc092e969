// Whole files, read and written. Errors name the file and what the system said.
#pragma once

#include <string>
#include <string_view>

#include "harness/model/error.h"

namespace chicane {

Result<std::string> read_file(const std::string& path);

// Written under a temporary name in the same folder, synced, then renamed: readers see the old file or the whole new
// one, also after a full disk.
Result<void> write_file(const std::string& path, std::string_view text);

}  // namespace chicane
