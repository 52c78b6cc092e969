#include "harness/runner/lanes/tsan_reports.h"

#include <algorithm>
#include <deque>
#include <mutex>
#include <set>
#include <span>
#include <unistd.h>
#include <utility>

#include <fmt/core.h>

#include "harness/judge/fingerprint.h"
#include "harness/runner/lanes/symbols.h"
#include "harness/runner/lanes/tsan_findings.h"
#include "harness/runner/lanes/tsan_lock_findings.h"
#include "harness/runner/lanes/tsan_lock_recorder.h"
#include "harness/runner/lanes/tsan_raw.h"
#include "harness/runner/lanes/tsan_watch.h"

namespace chicane {
namespace {

// TSan's lock-order reports, all of them: a cycle may become real after it was reported. Copies, since the raw ones
// make room for new ones.
class LockOrders {
 public:
  bool keep(const tsan::RawReport& report, const std::uintptr_t* addresses) {
    if (reports_.size() == most) return false;
    tsan::RawReport& kept = reports_.emplace_back(report);
    const auto move = [&](tsan::RawStack& stack) {
      const auto* const from = addresses + stack.first;
      stack.first = static_cast<std::uint32_t>(addresses_.size());
      addresses_.insert(addresses_.end(), from, from + stack.count);
    };
    for (auto& access : std::span(kept.accesses, kept.access_count)) move(access.stack);
    for (auto& location : std::span(kept.locations, kept.location_count)) move(location.stack);
    for (auto& mutex : std::span(kept.mutexes, kept.mutex_count)) move(mutex.stack);
    for (auto& thread : std::span(kept.threads, kept.thread_count)) move(thread.stack);
    for (auto& stack : std::span(kept.stacks, kept.stack_count)) move(stack);
    all_.push_back(&kept);
    return true;
  }
  const std::vector<const tsan::RawReport*>& all() const { return all_; }
  const std::uintptr_t* addresses() const { return addresses_.data(); }

 private:
  static constexpr std::size_t most = 1024;
  std::deque<tsan::RawReport> reports_;
  std::vector<const tsan::RawReport*> all_;
  std::vector<std::uintptr_t> addresses_;
};

struct Collection {
  std::vector<MemoryRegion> regions;
  Symbols symbols{tsan::in_interposer};
  LockOrders lock_orders;
  std::set<std::vector<std::uintptr_t>> told_lock_orders;  // LockFinding::identity
  std::size_t left_out = 0;                                // of the lock orders
  std::size_t nestings = 0;                                // that were looked at
  std::uint64_t lock_orders_dropped = 0, told_dropped = 0;
  bool told_incomplete = false;
  FindingSink late_sink = nullptr;
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

Finding limit_exceeded(std::string message) {
  Finding finding;
  finding.kind = FindingKind::limit_exceeded;
  finding.name = "reports";
  finding.evidence.limit = "reports";
  finding.evidence.message = std::move(message) + ": this trial's list of findings is incomplete";
  return finding;
}

}  // namespace

void collect_tsan_reports(std::vector<MemoryRegion> regions) {
  auto& own = collection().regions;
  own.insert(own.end(), std::make_move_iterator(regions.begin()), std::make_move_iterator(regions.end()));
}

std::vector<CollectedFinding> take_tsan_findings(std::vector<std::string>& notes) {
  Collection& own = collection();
  const std::size_t nestings = tsan::recorded_nestings();
  const tsan::RawReports raw = tsan::take_raw_reports();
  tsan::FindingMaker maker(own.symbols, own.regions, raw.addresses);
  std::vector<CollectedFinding> found;
  for (const tsan::RawReport& report : std::span(raw.reports, raw.count)) {
    if (tsan::kind_of(report.description) != FindingKind::lock_order_inversion)
      fold(found, maker.make(report), static_cast<std::uint64_t>(std::max(report.count, 1)));
    else if (!own.lock_orders.keep(report, raw.addresses))
      ++own.lock_orders_dropped;
  }

  const auto& orders = own.lock_orders.all();
  tsan::FindingMaker lock_maker(own.symbols, own.regions, own.lock_orders.addresses());
  tsan::LockFindings locks = tsan::real_lock_cycles(orders, lock_maker, own.symbols);
  own.nestings = nestings;
  for (tsan::LockFinding& lock : locks.findings)
    if (own.told_lock_orders.insert(lock.identity).second) fold(found, std::move(lock.finding), 1);
  if (locks.left_out.size() > std::exchange(own.left_out, locks.left_out.size()))
    notes.push_back(fmt::format(
        "lock orders: {} of ThreadSanitizer's {} reports left out, because these cycles can't block: one thread alone "
        "made them, or a common outer lock or the start or join of a thread orders them",
        locks.left_out.size(), orders.size()));
  if (!locks.incomplete.empty() && !std::exchange(own.told_incomplete, true))
    fold(found,
         limit_exceeded(fmt::format("{} lock-order reports were left out as cycles that can't block, but {}",
                                    locks.left_out.size(), locks.incomplete)),
         1);
  const std::uint64_t dropped = raw.dropped + own.lock_orders_dropped;
  if (const auto more = dropped - std::exchange(own.told_dropped, dropped); more > 0)
    fold(found, limit_exceeded(fmt::format("ThreadSanitizer made {} reports more than there was room for", dropped)),
         more);
  return found;
}

bool tsan_findings_pending() {
  const Collection& own = collection();
  return tsan::raw_reports_pending() || (own.left_out > 0 && tsan::recorded_nestings() != own.nestings);
}

namespace {

// One at a time takes and sends, so that what was found is out when a call returns.
struct Sending {
  std::mutex mutex;
  FindingSink sink = nullptr;
  bool found_any = false;
  std::vector<std::string> notes;
};
Sending& sending() {
  static auto* own = new Sending;  // never destroyed, like the collection
  return *own;
}

void send(bool all) {
  Sending& own = sending();
  const std::lock_guard lock(own.mutex);
  if (!all && !tsan_findings_pending()) return;
  for (const CollectedFinding& found : take_tsan_findings(own.notes)) {
    own.found_any = true;
    own.sink(found);
  }
}

pid_t exiting_process = 0;

}  // namespace

void start_sending_tsan_findings(FindingSink sink, std::int64_t give_up_ns) {
  sending().sink = sink;
  if (!tsan::start_watch(send, give_up_ns))
    sending().notes.push_back("no thread could be started that sends findings while the scenario runs");
}

bool send_tsan_findings() {
  send(true);
  const std::lock_guard lock(sending().mutex);
  return std::exchange(sending().found_any, false);
}

void stop_sending_tsan_findings(std::vector<std::string>& notes) {
  tsan::stop_watch();
  send(true);
  notes = std::exchange(sending().notes, {});
}

void set_late_report_sink(FindingSink sink) {
  collection().late_sink = sink;
  exiting_process = getpid();
  tsan::set_exit_callback([] {
    if (getpid() != exiting_process) return;  // a forked child has its parent's reports, and maybe a locked mutex
    const std::lock_guard lock(sending().mutex);
    std::vector<std::string> notes;
    for (const CollectedFinding& late : take_tsan_findings(notes))
      if (collection().late_sink != nullptr) collection().late_sink(late);
  });
}

}  // namespace chicane
