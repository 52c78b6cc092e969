// How a runner and a program that is explored talk: the program's own process searches (search.h), because only it can
// fork its schedules from the end of its static initialisation. Messages (wire.h) on a socket that it inherits.
#pragma once

#include "harness/explore/search/code_map.h"
#include "harness/explore/search/search.h"
#include "harness/explore/search/wire.h"

namespace chicane::explore {

// Environment: the number of the socket's descriptor. Without it a program runs as it always does.
inline constexpr const char* program_socket_variable = "CHICANE_EXPLORE_SOCKET";

enum class ProgramMessage : std::uint32_t {
  modules = 100,  // from the program, first of all: CodeModule list
  search,         // to it: ProgramSearch
  replay,         // to it: ProgramReplay
  sighting,       // from it: Sighting
  summary,        // from it, at the end of a search: SearchSummary
  replayed,       // from it: Replayed
};

struct ProgramSearch {
  SearchOptions search;
  Options options;
  SearchLimits limits;
};
struct ProgramReplay {
  Decisions decisions;
  std::vector<std::uintptr_t> learned;
  Options options;
  std::uint64_t seed = 0;
  bool here = false;  // in the program's own process, for a debugger; there is no answer then
};

void fields(auto& archive, wire::Of<CodeModule> auto& value) {
  archive(value.path, value.build_id, value.base, value.low, value.high);
}
void fields(auto& archive, wire::Of<SearchOptions> auto& value) {
  archive(value.seed, value.schedules, value.searcher, value.searchers, value.memory_model, value.switch_points,
          value.second_pass, value.stop_when_exhausted, value.only, value.pct_depth, value.dfs_bound);
}
void fields(auto& archive, wire::Of<Options> auto& value) {
  archive(value.memory_model, value.switch_points, value.backend, value.max_steps, value.races, value.stop_at_race,
          value.early_timeouts, value.spurious_wakeups, value.spurious_failures, value.leftover_threads);
}
void fields(auto& archive, wire::Of<SearchLimits> auto& value) {
  archive(value.budget, value.batch, value.hang, value.shrink_attempts, value.shrink_time, value.quiet_schedules,
          value.stop_at_first);
}
void fields(auto& archive, wire::Of<ProgramSearch> auto& value) { archive(value.search, value.options, value.limits); }
void fields(auto& archive, wire::Of<ProgramReplay> auto& value) {
  archive(value.decisions, value.learned, value.options, value.seed, value.here);
}
void fields(auto& archive, wire::Of<Sighting> auto& value) {
  std::uint64_t which = value.which;
  archive(value.outcome, which, value.decisions, value.learned, value.options, value.seed, value.trace, value.number,
          value.strategy, value.reproduced, value.repeatable, value.forced_before, value.forced_after, value.times,
          value.output_tail);
  if constexpr (!std::is_const_v<std::remove_reference_t<decltype(value)>>) value.which = which;
}
void fields(auto& archive, wire::Of<StrategyUse> auto& value) {
  archive(value.strategy, value.depth, value.switch_points, value.schedules);
}
void fields(auto& archive, wire::Of<PctBound> auto& value) {
  archive(value.depth, value.schedules, value.threads, value.choices, value.missed_at_most);
}
void fields(auto& archive, wire::Of<Exhaustion> auto& value) {
  archive(value.switch_points, value.preemptions, value.reduced, value.spinning, value.schedules);
}
void fields(auto& archive, wire::Of<SearchConfidence> auto& value) {
  archive(value.schedules, value.steps, value.lost, value.strategies, value.pct, value.exhausted, value.dfs_gave_up);
}
void fields(auto& archive, wire::Of<SearchSummary> auto& value) {
  archive(value.confidence, value.tally, value.children, value.hangs, value.uncontrolled, value.most_threads,
          value.first_finding, value.with_findings, value.too_long, value.not_repeatable, value.could_not_run,
          value.duration_ns);
}
void fields(auto& archive, wire::Of<Replayed> auto& value) {
  archive(value.outcome, value.recording.decisions, value.trace, value.ended, value.why, value.output_tail);
}

}  // namespace chicane::explore
