// What each lane is made to find. The table is the judge's whole knowledge of lanes; a scenario may know better and
// say so (ExpectedFinding::lanes).
#include <algorithm>

#include "harness/judge/judge.h"
#include "harness/judge/verdict.h"

namespace chicane {
namespace {

// Crashes and hangs are seen from outside of the process, so in every lane.
bool seen_everywhere(FindingKind kind) {
  switch (kind) {
    case FindingKind::crash:
    case FindingKind::hang:
    case FindingKind::uncaught_exception:
    case FindingKind::early_exit: return true;
    default: return false;
  }
}

// The check runs in every lane, and a stuck trial shows in every lane: these can show wherever the bug does. Of limits,
// what could not be had is seen, but not how much memory or output was used: staying silent means nothing.
// The bench lane counts no notifications, so as not to disturb what it times: a lost wake-up is a hang there
// (docs/blocking.md).
bool can_show(Lane lane, FindingKind kind) {
  switch (kind) {
    case FindingKind::wrong_result:
    case FindingKind::forbidden_outcome:
    case FindingKind::torn_output:
    case FindingKind::deadlock:
    case FindingKind::livelock:
    case FindingKind::limit_exceeded:
    case FindingKind::protocol_broken: return true;
    case FindingKind::lost_wakeup: return lane != Lane::bench;
    default: return false;
  }
}

Sight in_bench(FindingKind) { return Sight::never; }

Sight in_stress(FindingKind kind) {
  switch (kind) {
    case FindingKind::wrong_result:
    case FindingKind::forbidden_outcome:
    case FindingKind::torn_output: return Sight::always;
    default: return Sight::never;
  }
}

Sight in_tsan(FindingKind kind) {
  switch (kind) {
    case FindingKind::data_race:
    case FindingKind::lock_order_inversion:
    case FindingKind::mutex_misuse:
    case FindingKind::thread_leak: return Sight::always;
    case FindingKind::memory_error: return Sight::may;  // use after free only
    default: return Sight::never;
  }
}

Sight in_asan(FindingKind kind) {
  switch (kind) {
    case FindingKind::memory_error:
    case FindingKind::undefined_behaviour:
    case FindingKind::leak: return Sight::always;
    default: return Sight::never;
  }
}

// Not: heap overflow, undefined behaviour, leaks (design, lanes).
Sight in_explore(FindingKind kind) {
  switch (kind) {
    case FindingKind::data_race:
    case FindingKind::wrong_result:
    case FindingKind::forbidden_outcome:
    case FindingKind::deadlock:
    case FindingKind::lost_wakeup:
    case FindingKind::livelock:
    case FindingKind::mutex_misuse: return Sight::always;
    case FindingKind::lock_order_inversion:
    case FindingKind::thread_leak: return Sight::may;
    default: return Sight::never;
  }
}

Sight besides(Lane lane, FindingKind kind) {
  switch (lane) {
    case Lane::bench: return in_bench(kind);
    case Lane::stress: return in_stress(kind);
    case Lane::tsan: return in_tsan(kind);
    case Lane::asan: return in_asan(kind);
    case Lane::explore: return in_explore(kind);
  }
  return Sight::never;
}

}  // namespace

Sight sight(Lane lane, FindingKind kind) {
  if (seen_everywhere(kind)) return Sight::always;
  return std::max(besides(lane, kind), can_show(lane, kind) ? Sight::may : Sight::never);
}

Sight sight(Lane lane, const ExpectedFinding& expected) {
  if (expected.lanes.empty()) return sight(lane, expected.kind);
  const bool named = std::find(expected.lanes.begin(), expected.lanes.end(), lane) != expected.lanes.end();
  return named ? Sight::always : Sight::may;
}

}  // namespace chicane
