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
// Symbolizes and folds what was reported since the last call; lock-order cycles that can't block are left out. One
// thread at a time; others may still report. Also says in `notes` what was left out and why. Where there was no room
// for a report, a limit_exceeded finding says that the list is incomplete: what was lost may be a failure.
std::vector<CollectedFinding> take_tsan_findings(std::vector<std::string>& notes);
// Whether it might find anything. Under the same one-at-a-time rule.
bool tsan_findings_pending();

// From now on the sink gets findings while the scenario runs, on a thread of the harness's own (tsan_watch.h): those of
// a pass that crashes or hangs too. No calls of take_tsan_findings until the end; send_tsan_findings brings what there
// is to the sink at once, and says whether anything was found since it was last called. `give_up_ns`: of start_watch.
using FindingSink = void (*)(const CollectedFinding&);
void start_sending_tsan_findings(FindingSink sink, std::int64_t give_up_ns);
bool send_tsan_findings();
void stop_sending_tsan_findings(std::vector<std::string>& notes);

// For what is reported after the last take_tsan_findings: TSan looks for leaked threads while the process exits. The
// sink is called on the exiting thread, once a finding, after every atexit handler and destructor of a static object,
// so it must not use such objects; files and descriptors still work. Holds for exit() and a return from main in the
// process that called this; not for _exit, quick_exit or a signal. A thread that still runs then is no leak to TSan,
// only one that ended unjoined.
void set_late_report_sink(FindingSink sink);

}  // namespace chicane
