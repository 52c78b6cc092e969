// From what a schedule showed to a finding with named stacks, its picture and its schedule file.
#pragma once

#include <functional>
#include <string>

#include "harness/explore/search/code_map.h"
#include "harness/explore/search/schedule_file.h"
#include "harness/explore/search/search.h"
#include "harness/model/finding.h"
#include "harness/runner/explore/code_names.h"

namespace chicane::explore {

struct Naming {
  CodeNames& names;
  const CodeMap& code;
  std::function<std::string(ThreadId)> thread;  // "worker 0"; empty: it has no name
  ScheduleFile schedule;                        // what is the same for all: what is run, and with what
};

Finding finding_of(const Sighting& sighting, Naming& naming);

// A race that is the standard library's own, and harmless: libstdc++ 12's std::atomic<std::shared_ptr> reads its
// pointer under a lock that it gives back with a relaxed operation.
bool is_of_the_standard_library(const Finding& finding);

// What is known of an access that was seen before the other one is its innermost place; a trace has the rest.
SeenFinding with_whole_stacks(SeenFinding seen, const Trace& trace);

// Of one finding of an outcome, without schedule and picture.
Finding finding_of(const SeenFinding& seen, const Outcome& outcome, Naming& naming);

}  // namespace chicane::explore
