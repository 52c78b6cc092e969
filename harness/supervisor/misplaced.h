// Runners that come to nothing because of where chance has put their libraries, and are started again.
#pragma once

#include <atomic>

#include "harness/supervisor/process.h"

namespace chicane {

// ThreadSanitizer's memory has fixed places. Where the kernel spreads libraries over more than 30 bits of pages
// (vm.mmap_rnd_bits), they lie in its way in four of five processes; it then starts itself again without that, which
// containers refuse (personality). Such a process ends before it does anything, and the next one may fit. Pure.
bool was_misplaced(const ProcessOutcome& outcome);

// run_process, again and again while the process was misplaced. After 60 in a row, which chance alone makes once in
// 10^5, it is an error that says what to do.
Result<ProcessOutcome> run_placed(ProcessRequest request, const std::atomic<bool>& stop);

}  // namespace chicane
