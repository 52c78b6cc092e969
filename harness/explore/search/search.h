// Searches for schedules that show findings: forks children that run them in batches from the state of this process,
// which must have one thread and never runs a schedule itself. What a child finds is replayed, shrunk and traced in
// further children, and handed over. A child that crashes, hangs or says that it is spent is replaced.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/explore/portfolio.h"
#include "harness/explore/search/subject.h"
#include "harness/explore/trace.h"

namespace chicane::explore {

struct SearchLimits {
  std::chrono::nanoseconds budget{std::chrono::seconds(1)};  // for all schedules, what is found set aside
  std::uint64_t batch = 1'000;                               // schedules in one child
  std::chrono::nanoseconds hang{std::chrono::seconds(10)};   // one schedule that takes longer is outside of control
  std::uint64_t shrink_attempts = 1'000;                     // for each finding
  std::chrono::nanoseconds shrink_time{std::chrono::seconds(3)};
  // Findings known, and this many schedules without a new one (and as many as it took until the last): enough.
  std::uint64_t quiet_schedules = 1'000;
  bool stop_at_first = false;
};

struct Sighting {         // a schedule that showed something new
  Outcome outcome;        // of its last replay, where that showed the same; else as it was found
  std::size_t which = 0;  // of outcome.findings
  Decisions decisions;    // shrunk, where it could be
  std::vector<std::uintptr_t> learned;
  Options options;
  std::uint64_t seed = 0;    // the scheduler's
  Trace trace;               // empty where it was not reproduced
  std::uint64_t number = 0;  // of the schedule in its search
  std::string strategy;
  bool reproduced = false;  // replayed in a fresh process it showed the same
  bool repeatable = false;  // … and twice the same trace
  std::uint64_t forced_before = 0, forced_after = 0;
  std::uint64_t times = 1;  // schedules that showed it, until it was handed over
  std::string output_tail;
};

struct SearchSummary {
  SearchConfidence confidence;
  Tally tally;
  std::uint64_t children = 0;
  std::uint64_t hangs = 0;
  std::uint64_t uncontrolled = 0;  // calls that could block outside of control
  std::uint64_t most_threads = 0;
  std::uint64_t first_finding = 0;  // number of the first schedule that showed one, from 1; 0: none
  std::uint64_t with_findings = 0;  // schedules
  std::uint64_t too_long = 0;       // schedules that were cut at the step bound, though they got on
  std::string not_repeatable;       // in words; empty: the same schedule did the same twice
  std::string could_not_run;        // no child could be started, …; empty: it ran
  std::int64_t duration_ns = 0;
};

using Found = std::function<void(const Sighting&)>;
// Whether a finding is worth to be looked into: false where it is, in the caller's eyes, one that was found before.
using Worth = std::function<bool(const Outcome& outcome, std::size_t which)>;
SearchSummary search(Subject& subject, const SearchOptions& search, const Options& options, const SearchLimits& limits,
                     const Found& found, const Worth& worth = {});

// One replay in a child of its own, traced.
struct Replayed {
  Outcome outcome;
  Recording recording;  // its trace is in `trace`
  Trace trace;
  bool ended = false;  // else the child was gone before it could tell:
  std::string why;     // how
  std::string output_tail;
};
Replayed replay_in_child(Subject& subject, Scheduler& scheduler, std::uint64_t seed, const Options& options,
                         const std::vector<std::uintptr_t>& learned, bool traced, std::chrono::nanoseconds hang);

// Whether two findings of one program are the same one: kind, name, and places.
bool same_finding(const SeenFinding& a, const SeenFinding& b);

// FNV-1a over threads, kinds, code locations, what failed, and values that are no addresses. `place` makes a code
// location one that means the same in another process.
std::uint64_t trace_digest(const Trace& trace, const std::function<std::uint64_t(std::uintptr_t)>& place);

}  // namespace chicane::explore
