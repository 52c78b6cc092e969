// From a schedule that shows a finding to one with as few context switches as can be reached that shows the same.
#pragma once

#include <cstdint>
#include <functional>

#include "harness/explore/decision.h"
#include "harness/explore/scheduler.h"
#include "harness/explore/trace.h"

namespace chicane::explore {

// A schedule, with the options and learned switch points of the failing one.
struct Attempt {
  bool same = false;    // the same finding showed: same kind and place
  Decisions decisions;  // what was decided, and
  Trace trace;          // what was done. Neither is needed where `same` is false; stacks never are
};
// Who decides the next schedule; null: there is no more.
using NextScheduler = std::function<Scheduler*()>;
// Runs a schedule under each until one shows the finding: that one. Many in one process cost little more than one.
using TryOut = std::function<Attempt(const NextScheduler& next)>;

struct ShrinkLimits {
  std::uint64_t attempts = 1'000;
};

struct Shrunk {
  Decisions decisions;         // the best; replays strictly
  bool reproduced = false;     // the failing stream, replayed, showed the finding; if not, it is what is returned
  std::uint64_t attempts = 0;  // calls of TryOut
  bool limit_reached = false;  // there was more to try
  std::uint64_t forced_before = 0, forced_after = 0;      // entries that are not 0
  std::uint64_t switches_before = 0, switches_after = 0;  // context switches, forced or not
};

// `try_out` may run schedules in another process: what schedulers learn on the way is not looked at.
Shrunk shrink(const Decisions& failing, const TryOut& try_out, const ShrinkLimits& limits = {});

}  // namespace chicane::explore
