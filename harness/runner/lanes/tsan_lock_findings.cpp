#include "harness/runner/lanes/tsan_lock_findings.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include <fmt/core.h>

#include "harness/runner/lanes/tsan_lock_recorder.h"
#include "harness/runner/lock_order.h"

namespace chicane::tsan {
namespace {

bool names(const RawReport& report, std::uintptr_t mutex) {
  return std::ranges::any_of(std::span(report.mutexes, report.mutex_count),
                             [&](const RawMutex& known) { return known.address == mutex; });
}

struct Recorded {
  explicit Recorded(const RawLocks& raw) {
    for (std::size_t i = 1; i < raw.segment_count; ++i)
      segments.add(raw.segments[i].before[0], raw.segments[i].before[1]);
    for (std::size_t i = 0; i < raw.nested_count; ++i) {
      const RawNested& one = raw.nested[i];
      NestedLock lock{one.thread->index, one.segment, {one.mutex, one.shared}, {}};
      for (std::uint32_t k = 0; k < one.held_count; ++k) lock.held.push_back({one.held[k].mutex, one.held[k].shared});
      nested.push_back(std::move(lock));
    }
  }
  std::vector<NestedLock> nested;
  ThreadSegments segments;
};

Finding describe(const LockCycle& cycle, const RawLocks& raw, const std::vector<const RawReport*>& reports,
                 FindingMaker& maker, Symbols& symbols) {
  Finding finding;
  finding.kind = FindingKind::lock_order_inversion;
  Evidence& evidence = finding.evidence;
  std::map<std::uint32_t, std::uint32_t> number;  // by mutex: 0, 1, … around the cycle
  for (const LockEdge& edge : cycle.edges) {
    const auto id = static_cast<std::uint32_t>(number.size());
    number.emplace(edge.from, id);
    MutexInfo mutex{id, false, {}};
    for (const RawReport* report : reports)
      for (const RawMutex& known : std::span(report->mutexes, report->mutex_count))
        if (known.address == raw.mutex_address[edge.from] && mutex.created_at.empty())
          mutex.created_at = maker.stack(known.stack);
    evidence.mutexes.push_back(std::move(mutex));
  }
  evidence.message = "locks are taken in a circle, which can block for ever: ";
  for (std::size_t i = 0; i < cycle.edges.size(); ++i) {
    const LockEdge& edge = cycle.edges[i];
    const RawNested& lock = raw.nested[edge.nested];
    const ThreadRecord& thread = *lock.thread;
    if (std::ranges::find(evidence.threads, thread.index, &ThreadInfo::id) == evidence.threads.end())
      evidence.threads.push_back({thread.index, "", symbols.stack(thread.created_at, thread.stack_size)});
    const std::string words =
        fmt::format("{} asks for M{} while it holds M{}", thread_in_words(evidence.threads, thread.index),
                    number[edge.to], number[edge.from]);
    evidence.message += (i == 0 ? "" : ", ") + words;
    evidence.stacks.push_back({words, symbols.stack(lock.stack, lock.stack_size)});
  }
  return finding;
}

// TSan's word alone, for mutexes that never passed through pthread functions.
Finding describe(const RawReport& report, FindingMaker& maker) {
  Finding finding = maker.make(report);
  finding.evidence.message =
      "locks are taken in a circle by several threads (whether an outer lock or a join orders them is not known: "
      "these are not pthread mutexes)";
  return finding;
}

}  // namespace

LockFindings real_lock_cycles(const std::vector<const RawReport*>& reports, FindingMaker& maker, Symbols& symbols) {
  LockFindings result;
  if (reports.empty()) return result;
  const RawLocks raw = raw_locks();
  const Recorded recorded(raw);
  const LockCycles found = find_lock_cycles(recorded.nested, recorded.segments);
  std::set<const RawReport*> explained;
  for (const LockCycle& cycle : found.cycles) {
    bool reported = false;
    for (const RawReport* report : reports)
      for (const LockEdge& edge : cycle.edges)
        if (names(*report, raw.mutex_address[edge.from]) && names(*report, raw.mutex_address[edge.to])) {
          explained.insert(report);
          reported = true;
        }
    if (!reported) continue;
    std::vector<std::uintptr_t> mutexes;
    for (const LockEdge& edge : cycle.edges) mutexes.push_back(edge.from);
    std::ranges::sort(mutexes);
    result.findings.push_back({describe(cycle, raw, reports, maker, symbols), std::move(mutexes)});
  }
  const std::set<std::uintptr_t> seen(raw.mutex_address, raw.mutex_address + raw.mutex_count);
  for (const RawReport* report : reports) {
    if (explained.contains(report)) continue;
    const std::span mutexes(report->mutexes, report->mutex_count);
    const bool foreign =
        std::ranges::none_of(mutexes, [&](const RawMutex& mutex) { return seen.contains(mutex.address); });
    if (foreign && report->thread_count > 1)
      result.findings.push_back({describe(*report, maker), {reinterpret_cast<std::uintptr_t>(report)}});
    else
      result.left_out.push_back(report);
  }
  // Every cycle that counts is one that TSan reported: without one left out there is nothing to be missed.
  if (!result.left_out.empty() && raw.dropped > 0)
    result.incomplete = fmt::format("there was no room to record {} of the nested locks", raw.dropped);
  else if (!result.left_out.empty() && !found.complete)
    result.incomplete = "there were too many nested locks to look at every cycle";
  return result;
}

}  // namespace chicane::tsan
