// A plugin's C tables, read and checked: whatever an author got wrong becomes one clear sentence here, before anything
// of the plugin's runs. Pure functions over the tables; no loading, no I/O.
#pragma once

#include <chicane/plugin.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "harness/model/error.h"
#include "harness/model/scenario.h"
#include "harness/model/scenario_id.h"

namespace chicane {

// Tables only grow, so a plugin's may be shorter than ours (older header) or longer (newer): what it has not is zero,
// what we don't know is left out.
template <typename Table>
Table read_table(const Table* theirs) {
  Table ours{};
  std::memcpy(static_cast<void*>(&ours), theirs, std::min<std::size_t>(theirs->struct_size, sizeof ours));
  return ours;
}

// Of a litmus scenario; else empty.
struct RunnableLitmus {
  chicane_litmus table{};  // its functions; its lists are in `actors` and in the scenario's outcomes
  std::vector<chicane_actor> actors;
};

// A scenario that can be run: its model, and the functions to call.
struct RunnableScenario {
  Scenario scenario;
  chicane_scenario table{};         // sizes and functions; its lists are in `scenario` and `roles`
  std::vector<chicane_role> roles;  // of a litmus scenario: its actors, without functions
  RunnableLitmus litmus;
};

// Errors name the scenario and the member that is wrong.
Result<RunnableScenario> read_scenario(const chicane_scenario* table);
// All of a plugin's scenarios; refuses two with one id, and none at all.
Result<std::vector<RunnableScenario>> read_scenarios(const chicane_plugin& table);

}  // namespace chicane
