// Whole files, read and written. Errors name the file and what the system said.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "harness/model/error.h"

namespace chicane {

Result<std::string> read_file(const std::string& path);

// Written under a temporary name in the same folder, synced, then renamed: readers see the old file or the whole new
// one, also after a full disk. Of a link the file that it leads to is written. What is no file (/dev/null, a pipe) is
// written to as it comes, and stays what it is.
Result<void> write_file(const std::string& path, std::string_view text);

// The same for a text that is too long to be held: `produce` says it in parts.
using TextSink = std::function<void(std::string_view)>;
Result<void> write_file_in_parts(const std::string& path, const std::function<void(const TextSink&)>& produce);

}  // namespace chicane
