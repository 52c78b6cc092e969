// Collects what ThreadSanitizer reports in this process, through __tsan_on_report and its debugging interface (no text
// is parsed), and turns it into findings after the run. Exists in the tsan build only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/finding.h"
#include "harness/model/scenario.h"

namespace chicane {

// Memory that belongs to the scenario, so that a race's address becomes a place: {"state", base, size, fields}.
struct MemoryRegion {
  std::string type;  // "state", "environment"
  std::uintptr_t base = 0;
  std::size_t size_bytes = 0;
  std::vector<Field> fields;  // declared members, by offset
};

// Call on the main thread before the first worker starts.
void collect_tsan_reports(std::vector<MemoryRegion> regions);

struct CollectedFinding {
  Finding finding;
  std::uint64_t count = 1;  // equal ones (same fingerprint) folded
};
// Symbolizes and folds what was reported until now; lock-order cycles that can't block are left out. Call on the main
// thread after the last worker has ended. Also says in `notes` what was left out and why.
std::vector<CollectedFinding> take_tsan_findings(std::vector<std::string>& notes);

}  // namespace chicane
