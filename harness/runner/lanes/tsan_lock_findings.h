// Which of TSan's lock-order reports are real. TSan looks at the graph of locks alone, and so reports cycles of one
// thread, under a common outer lock, or of threads that a join orders; those can't block.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/finding.h"
#include "harness/runner/lanes/tsan_findings.h"
#include "harness/runner/lanes/tsan_raw.h"

namespace chicane::tsan {

struct LockFinding {
  Finding finding;                       // without fingerprint
  std::vector<std::uintptr_t> identity;  // what tells it from others of this process: two cycles may look alike
};
struct LockFindings {
  std::vector<LockFinding> findings;
  std::vector<const RawReport*> left_out;  // no real cycle (yet) behind them
  std::string incomplete;                  // why some of those left out may be real after all; empty: they are not
};

// A cycle that could block (harness/runner/lock_order.h) is a finding if TSan reported at least one of its edges too:
// TSan knows better when an address became another mutex (it sees memory being freed). A report about mutexes that
// the recorder never saw (annotated ones of a library) counts if TSan names two threads.
LockFindings real_lock_cycles(const std::vector<const RawReport*>& reports, FindingMaker& maker, Symbols& symbols);

}  // namespace chicane::tsan
