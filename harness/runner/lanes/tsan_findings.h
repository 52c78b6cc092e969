// One raw report as a finding. Main thread only: it asks for symbols.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/model/finding.h"
#include "harness/runner/lanes/symbols.h"
#include "harness/runner/lanes/tsan_raw.h"
#include "harness/runner/lanes/tsan_reports.h"

namespace chicane::tsan {

// "data-race" -> data_race. Absent for words that this version of the harness does not know.
std::optional<FindingKind> kind_of(const std::string& description);

class FindingMaker {
 public:
  FindingMaker(Symbols& symbols, const std::vector<MemoryRegion>& regions, const std::uintptr_t* addresses)
      : symbols_(symbols), regions_(regions), addresses_(addresses) {}

  // All kinds but lock-order-inversion, which says too little by itself. Without fingerprint.
  Finding make(const RawReport& report);
  Stack stack(const RawStack& raw) { return symbols_.stack(addresses_ + raw.first, raw.count); }

 private:
  void add_accesses(const RawReport& report, Evidence& evidence);
  std::optional<Location> location(const RawReport& report);
  const MemoryRegion* region_of(std::uintptr_t address) const;

  Symbols& symbols_;
  const std::vector<MemoryRegion>& regions_;
  const std::uintptr_t* addresses_;
};

std::string thread_in_words(const std::vector<ThreadInfo>& threads, std::uint32_t id);

}  // namespace chicane::tsan
