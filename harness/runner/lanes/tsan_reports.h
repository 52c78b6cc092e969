// Collects what ThreadSanitizer reports in this process, through its report hook and debugging interface (no text is
// parsed), and turns it into findings after the run. Exists in the tsan build only.
//
// What is collected: every report from the process's start on, also those of static initialisers and of threads that
// the harness did not start. TSan prints none of them and they do not change the exit status; what TSan says when it
// dies itself (a failed mapping, a CHECK) still goes to stderr, with exit status 66. Crashes stay signals.
// While it makes a report, TSan runs llvm-symbolizer as a child process of this one.
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

// Call on the main thread before the first worker starts. Called again (a fresh state), the newer regions count first.
void collect_tsan_reports(std::vector<MemoryRegion> regions);

struct CollectedFinding {
  Finding finding;
  std::uint64_t count = 1;  // equal ones (same fingerprint) folded
};
// Symbolizes and folds what was reported since the last call; lock-order cycles that can't block are left out. Call on
// the main thread after the last worker has ended. Also says in `notes` what was left out and why.
std::vector<CollectedFinding> take_tsan_findings(std::vector<std::string>& notes);

// For what is reported after the last take_tsan_findings: TSan looks for leaked threads while the process exits. The
// sink is called on the exiting thread, once a finding, after every atexit handler and destructor of a static object,
// so it must not use such objects; files and descriptors still work. Holds for exit() and a return from main; not for
// _exit, quick_exit or a signal. A thread that still runs then is no leak to TSan, only one that ended unjoined.
void set_late_report_sink(void (*sink)(const CollectedFinding&));

}  // namespace chicane
