// The tsan lane: passes, while ThreadSanitizer's reports are collected as data.
#include <cstdio>
#include <string>

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

}  // namespace

void run_tsan(Stage& stage, const TrialRequest& request, Trial& trial) {
  std::vector<MemoryRegion> regions{
      region("state", stage.state(), named_fields(stage.scenario().scenario.expectation))};
  if (stage.environment().data() != nullptr) regions.push_back(region("environment", stage.environment(), {}));
  collect_tsan_reports(std::move(regions));
  run_passes(stage, request, trial);
  std::vector<std::string> notes;
  for (auto& [finding, count] : take_tsan_findings(notes)) stage.ledger().add(std::move(finding), count);
  for (const auto& note : notes) std::fprintf(stderr, "chicane: %s\n", note.c_str());
}

}  // namespace chicane
