// Files that declare programs, as plugins of which the driver knows all without loading them.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "harness/model/error.h"
#include "harness/supervisor/plan.h"

namespace chicane {

// Reads the file, and asks once whether what it needs is there. If not, its programs are not judged, and say why. As
// its build id stands a digest of the file and of those that commands name; as its compiler the version that was told.
Result<LoadedPlugin> load_programs(const std::string& file, const Tree& plain, const std::atomic<bool>& stop);

}  // namespace chicane
