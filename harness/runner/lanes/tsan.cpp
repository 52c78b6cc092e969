// The tsan lane: passes, while ThreadSanitizer's reports are collected as data.
#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "harness/runner/lanes/lanes.h"
#include "harness/runner/lanes/passes.h"
#include "harness/runner/lanes/tsan_reports.h"

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

// Leaked threads are reported while the process exits: what they are sent with must outlive all but the process.
Ledger::Send* late_send = nullptr;
void send_late(const CollectedFinding& late) { (*late_send)(late.finding, late.count); }

}  // namespace

void run_tsan(Stage& stage, const TrialRequest& request, Trial& trial) {
  std::vector<MemoryRegion> regions{
      region("state", stage.state(), named_fields(stage.scenario().scenario.expectation))};
  if (stage.environment().data() != nullptr) regions.push_back(region("environment", stage.environment(), {}));
  collect_tsan_reports(std::move(regions));
  late_send = new Ledger::Send(stage.ledger().sender());
  set_late_report_sink(send_late);
  std::vector<std::string> notes;
  // After every pass: a crash in a later one must not take the races of this one with it.
  const auto take = [&] {
    const auto found = take_tsan_findings(notes);
    for (const auto& [finding, count] : found) stage.ledger().add(finding, count);
    return !found.empty();
  };
  run_passes(stage, request, trial, take);
  take();  // of the environment's end
  for (const auto& note : notes) std::fprintf(stderr, "chicane: %s\n", note.c_str());
}

}  // namespace chicane
