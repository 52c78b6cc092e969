// What is asked of the explore lane, in the explorer's own terms, and what a search adds up to in a trial.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/explore/search/code_map.h"
#include "harness/explore/search/schedule_file.h"
#include "harness/explore/search/search.h"
#include "harness/model/error.h"
#include "harness/model/trial.h"
#include "harness/runner/explore/code_names.h"
#include "harness/runner/stage.h"

namespace chicane::explore {

// Turns of each worker on one fresh state. The number of schedules grows with a power of a schedule's length, and what
// goes wrong between workers goes wrong within a turn of each, or within the next one: to lose a value, to wake up
// without cause, to meet a node that came back (ABA), takes at most two of one worker's turns; a third lets a mistake
// of the second show in a later check.
inline constexpr std::uint64_t turns_of_schedules = 3;

struct Wanted {
  SearchOptions search;
  Options options;
  SearchLimits limits;
};
// Litmus scenarios are about memory orders, so they run under the relaxed model unless asked otherwise.
Result<Wanted> read_request(const TrialRequest& request, bool litmus);

// `harness`: what it uses itself while the scenario runs.
std::vector<NamedMemory> scenario_memory(const Stage& stage, std::span<const std::byte> harness);
std::string worker_name(const Stage& stage, ThreadId thread);
// What its schedule files say besides the schedule.
ScheduleFile schedule_of(const TrialRequest& request, std::uint64_t turns, const CodeMap& code);

// Measures and confidence.
void fill_in(Trial& trial, const SearchSummary& summary, const Options& options);

// Runs a piece of the scenario's plugin that reads and writes, and looks whether both are seen. What is wrong, in
// words; empty: nothing, or the plugin (one without <chicane/scenario.h>) has no such piece.
std::string blindness(const RunnableScenario& scenario);

// Whether this process lies where it would lie the next time.
bool addresses_are_fixed();
// Turns address randomisation off and starts this program again; returns where that can't be done, or was done.
void fix_addresses(char** arguments);

}  // namespace chicane::explore
