// What a run will do: which scenarios, in which lanes, with which parameters, how often. Pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/model/error.h"
#include "harness/model/run.h"
#include "harness/model/scenario.h"
#include "harness/model/trial.h"
#include "harness/supervisor/tree.h"

namespace chicane {

// A plugin that can be used: what it declares, and the tree whose runner fits its build.
struct LoadedPlugin {
  PluginDescription description;
  Tree tree;
};

// One that cannot: its scenarios are not known.
struct RefusedPlugin {
  std::string file;
  Build build = Build::plain;
  std::string reason;
};

struct RunOptions {
  std::vector<std::string> globs;  // of scenario ids; empty: all (with `quick`: those tagged core)
  bool quick = false;
  // Only every `shards`-th of these scenarios, from the `shard`-th on: parts of one catalogue, for several machines.
  std::uint32_t shard = 1, shards = 1;
  std::vector<Lane> lanes;
  std::vector<std::uint32_t> workers;        // empty: the sweep
  std::map<std::string, std::int64_t> args;  // overrides an axis
  std::uint32_t rounds = 12;                 // bench: fresh processes for each set of parameters
  std::uint32_t processes = 16;              // other lanes: fresh processes to show absence (detection_queue.h)
  std::chrono::nanoseconds budget{0};        // other lanes: time for each set of parameters; 0: as `processes` says
  std::chrono::nanoseconds slice{0};         // time aimed at within one trial; 0: the lane's own
  std::uint64_t seed = 0;
  std::vector<std::string> allow_uninstrumented;
  std::uint32_t searches = 4;  // explore: processes, each of which makes thousands of schedules
  ExploreRequest explore;      // the explore lane; with a program in it, that alone is run
};

// One scenario × lane × parameters, to be run `repetitions` times in processes of their own.
struct Plan {
  std::string id;        // "p9"
  TrialRequest request;  // seed and placement differ by repetition
  std::string runner;
  std::string build;  // id in Run::builds
  std::uint32_t repetitions = 1;
  bool oversubscribed = false;
  std::chrono::nanoseconds budget{0};
};

struct Campaign {
  std::vector<Scenario> scenarios;
  std::vector<BuildFact> builds;
  std::vector<Plan> plans;
  std::vector<Gap> gaps;
};

// `cpus`: those this process may run on. Fails when a glob or an argument fits nothing, or two plugins of one build
// declare the same id.
Result<Campaign> plan_campaign(const std::vector<LoadedPlugin>& plugins, const std::vector<Tree>& trees,
                               const RunOptions& options, const std::vector<int>& cpus);

// Adds what cannot be run to what can: a scenario `plugin/NAME`, whose verdict is an error, in the lanes of that build.
void add_refused(Campaign& campaign, const std::vector<RefusedPlugin>& refused, const std::vector<Lane>& lanes);

// Worker counts of a scenario: 1, 2, 4, … cores, and 2 × cores, moved to what its constraints allow, and its own. With
// `scaling`, those of scaling_sizes too.
std::vector<std::uint32_t> worker_sweep(const Scenario& scenario, std::uint32_t cores, bool scaling = false);

// Sizes for a law of scalability: 1, 2, 3, 4, 6, 8, 12, … and cores and twice as many, up to four times the cores. Six
// on two cores, the fewest for a fit.
std::vector<std::uint32_t> scaling_sizes(std::uint32_t cores);

// The seed of one repetition: a mix of the run's seed, the scenario, lane and parameters, and the repetition (FNV-1a,
// SplitMix64: Steele et al. 2014). It does not depend on what else the run does, so that one scenario run alone with
// the run's seed gets the same seeds again.
std::uint64_t trial_seed(std::uint64_t run_seed, const TrialRequest& request, std::uint64_t repetition);

}  // namespace chicane
