#include "harness/runner/lanes/tsan_reports.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "harness/judge/fingerprint.h"
#include "harness/runner/lanes/tsan_findings.h"
#include "harness/runner/lanes/tsan_lock_findings.h"
#include "harness/runner/lanes/tsan_raw.h"
#include "harness/runner/lanes/tsan_symbols.h"

namespace chicane {
namespace {

struct Collection {
  std::vector<MemoryRegion> regions;
  tsan::Symbols symbols;
  std::size_t taken = 0;                            // of the raw reports
  std::vector<const tsan::RawReport*> lock_orders;  // all of them: a cycle may become real after TSan reported it
  std::set<std::vector<std::uintptr_t>> told_lock_orders;  // LockFinding::identity
  std::size_t noted_left_out = 0;
  std::uint64_t noted_dropped = 0;
  void (*late_sink)(const CollectedFinding&) = nullptr;
};

// Never destroyed: reports come after the destructors of static objects.
Collection& collection() {
  static auto* all = new Collection;
  return *all;
}

void fold(std::vector<CollectedFinding>& all, Finding finding, std::uint64_t count) {
  finding.fingerprint = fingerprint(finding);
  const auto equal = std::ranges::find_if(
      all, [&](const CollectedFinding& other) { return other.finding.fingerprint == finding.fingerprint; });
  if (equal != all.end())
    equal->count += count;
  else
    all.push_back({std::move(finding), count});
}

}  // namespace

void collect_tsan_reports(std::vector<MemoryRegion> regions) {
  auto& own = collection().regions;
  own.insert(own.end(), std::make_move_iterator(regions.begin()), std::make_move_iterator(regions.end()));
}

std::vector<CollectedFinding> take_tsan_findings(std::vector<std::string>& notes) {
  Collection& own = collection();
  const tsan::RawReports raw = tsan::raw_reports();
  tsan::FindingMaker maker(own.symbols, own.regions, raw.addresses);
  std::vector<CollectedFinding> found;
  for (; own.taken < raw.count; ++own.taken) {
    const tsan::RawReport& report = raw.reports[own.taken];
    if (tsan::kind_of(report.description) == FindingKind::lock_order_inversion)
      own.lock_orders.push_back(&report);
    else
      fold(found, maker.make(report), static_cast<std::uint64_t>(std::max(report.count, 1)));
  }

  tsan::LockFindings locks = tsan::real_lock_cycles(own.lock_orders, maker, own.symbols);
  for (tsan::LockFinding& lock : locks.findings)
    if (own.told_lock_orders.insert(lock.identity).second) fold(found, std::move(lock.finding), 1);
  notes.insert(notes.end(), locks.notes.begin(), locks.notes.end());

  if (locks.left_out.size() > std::exchange(own.noted_left_out, locks.left_out.size()))
    notes.push_back(fmt::format(
        "lock orders: {} of ThreadSanitizer's {} reports left out, because these cycles can't block: one thread alone "
        "made them, or a common outer lock or the start or join of a thread orders them",
        locks.left_out.size(), own.lock_orders.size()));
  if (raw.dropped > std::exchange(own.noted_dropped, raw.dropped))
    notes.push_back(fmt::format("ThreadSanitizer made {} reports more than there is room for ({} were kept)",
                                raw.dropped, raw.count));
  return found;
}

void set_late_report_sink(void (*sink)(const CollectedFinding&)) {
  collection().late_sink = sink;
  tsan::set_exit_callback([] {
    std::vector<std::string> notes;
    for (const CollectedFinding& late : take_tsan_findings(notes))
      if (collection().late_sink != nullptr) collection().late_sink(late);
  });
}

}  // namespace chicane
