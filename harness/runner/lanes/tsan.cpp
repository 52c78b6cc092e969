// The tsan lane: passes, while ThreadSanitizer's reports are collected as data and sent.
#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "harness/runner/lanes/lanes.h"
#include "harness/runner/lanes/passes.h"
#include "harness/runner/lanes/tsan_reports.h"
#include "harness/runner/lanes/wait_ledger.h"
#include "harness/runner/usage.h"

namespace chicane {
namespace {

// Members of the state that the scenario's expectation names, so that a race's address can be told by its name.
std::vector<Field> named_fields(const Expectation& expectation) {
  std::vector<Field> fields;
  for (const auto* list : {&expectation.must, &expectation.may})
    for (const auto& expected : *list)
      if (expected.field && std::ranges::find(fields, *expected.field) == fields.end())
        fields.push_back(*expected.field);
  return fields;
}

MemoryRegion region(const char* type, const Memory& memory, std::vector<Field> fields) {
  return {type, reinterpret_cast<std::uintptr_t>(memory.data()), memory.size(), std::move(fields)};
}

// Outlives all but the process: leaked threads are reported while it exits. Past the ledger, in whose count of findings
// the stage sees whether a plugin's function said why it failed.
Ledger::Send* to_driver = nullptr;
void send(const CollectedFinding& found) { (*to_driver)(found.finding, found.count); }

// Nine tenths of the wall limit, on the monotonic clock: an end that is delayed beyond it would be a hang.
std::int64_t no_delay_after_ns(std::uint64_t wall_limit_ns) {
  if (wall_limit_ns == 0) return 0;
  return now_ns() - static_cast<std::int64_t>(process_age_ns()) + static_cast<std::int64_t>(wall_limit_ns / 10 * 9);
}

}  // namespace

void run_tsan(Stage& stage, const TrialRequest& request, Trial& trial) {
  std::vector<MemoryRegion> regions{
      region("state", stage.state(), named_fields(stage.scenario().scenario.expectation))};
  if (stage.environment().data() != nullptr) regions.push_back(region("environment", stage.environment(), {}));
  collect_tsan_reports(std::move(regions));
  to_driver = new Ledger::Send(stage.ledger().sender());
  set_late_report_sink(send);
  start_sending_tsan_findings(send, no_delay_after_ns(request.wall_limit_ns));
  wait_ledger::signals_are_caught();
  wait_ledger::other_threads_are_the_harness();  // the watcher, and TSan's own, which the first thread brings
  run_passes(stage, request, trial, send_tsan_findings);
  std::vector<std::string> notes;
  stop_sending_tsan_findings(notes);
  for (const auto& note : notes) std::fprintf(stderr, "chicane: %s\n", note.c_str());
}

}  // namespace chicane
