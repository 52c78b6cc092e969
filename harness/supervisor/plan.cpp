#include "harness/supervisor/plan.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/model/mixing.h"
#include "harness/model/programs.h"
#include "harness/supervisor/glob.h"
#include "harness/supervisor/program_plan.h"

namespace chicane {
namespace {

using std::chrono::milliseconds;

bool selected(const Scenario& scenario, const RunOptions& options) {
  if (options.globs.empty()) return !options.quick || scenario.has_tag("core");
  return matches_any(options.globs, scenario.id);
}

// Smallest count that the scenario allows and is not below `wanted`.
std::uint32_t allowed(const Scenario& scenario, std::uint32_t wanted) {
  if (scenario.exactly_workers != 0) return scenario.exactly_workers;
  const auto least = std::max({wanted, scenario.min_workers, 1u});
  const auto step = std::max(scenario.workers_multiple_of, 1u);
  return (least + step - 1) / step * step;
}

bool fits(const Scenario& scenario, std::uint32_t workers) { return allowed(scenario, workers) == workers; }

// Whether this lane measures how it scales: a quick run has no time for that many sizes.
bool sweeps(const Scenario& scenario, const std::string& with, Lane lane, const RunOptions& options) {
  return lane == Lane::bench && !options.quick && scenario.scales_with == with;
}

// An axis's own values and those of the sweep.
std::vector<std::int64_t> all_sizes(const std::vector<std::int64_t>& own, std::uint32_t cores) {
  std::set<std::int64_t> sizes(own.begin(), own.end());
  const auto swept = scaling_sizes(cores);
  sizes.insert(swept.begin(), swept.end());
  return {sizes.begin(), sizes.end()};
}

// Every combination of the axes' values.
std::vector<std::map<std::string, std::int64_t>> combinations(const Scenario& scenario, const RunOptions& options,
                                                              Lane lane, std::uint32_t cores) {
  std::vector<std::map<std::string, std::int64_t>> result{{}};
  for (const auto& axis : scenario.axes) {
    auto values = axis.values;
    if (const auto given = options.args.find(axis.name); given != options.args.end())
      values = {given->second};
    else if (sweeps(scenario, axis.name, lane, options))
      values = all_sizes(values, cores);
    else if (lane != Lane::bench && options.quick && !values.empty())
      values = {values.back()};
    std::vector<std::map<std::string, std::int64_t>> grown;
    for (const auto& known : result)
      for (const auto value : values) {
        grown.push_back(known);
        grown.back()[axis.name] = value;
      }
    result = std::move(grown);
  }
  return result;
}

// A lane that looks for findings needs workers that can meet, not a sweep.
std::vector<std::uint32_t> detection_workers(const Scenario& scenario, bool quick) {
  std::set<std::uint32_t> counts{allowed(scenario, 2)};
  if (!quick) counts.insert(scenario.also_workers.begin(), scenario.also_workers.end());
  return {counts.begin(), counts.end()};
}

std::vector<std::uint32_t> worker_counts(const Scenario& scenario, Lane lane, const RunOptions& options,
                                         std::uint32_t cores) {
  if (!options.workers.empty() && scenario.exactly_workers == 0) {
    std::vector<std::uint32_t> counts;
    std::copy_if(options.workers.begin(), options.workers.end(), std::back_inserter(counts),
                 [&](auto count) { return fits(scenario, count); });
    return counts;
  }
  if (lane != Lane::bench) return detection_workers(scenario, options.quick);
  return worker_sweep(scenario, cores, sweeps(scenario, "workers", lane, options));
}

std::vector<WorkerKind> worker_kinds(const Scenario& scenario, Lane lane) {
  // Where processes are judged as threads over one mapping, both kinds would be the same trial.
  if (build_of(lane) != Build::plain && scenario.worker_kinds.size() > 1) return {WorkerKind::thread};
  return scenario.worker_kinds;
}

milliseconds default_slice(Lane lane, bool quick) {
  switch (lane) {
    case Lane::bench: return milliseconds(quick ? 20 : 60);
    case Lane::stress:
      return milliseconds(quick ? 40 : 60);  // its trials run one by one
    // One process makes thousands of schedules, so few of them do; which need their time.
    case Lane::explore: return milliseconds(quick ? 300 : 1000);
    default: return milliseconds(60);
  }
}

std::string no_build_reason(const Scenario& scenario, Lane lane, const std::vector<Tree>& trees) {
  const Build build = build_of(lane);
  bool has_tree = false;
  for (const auto& tree : trees) {
    if (tree.build != build) continue;
    has_tree = true;
    for (const auto& [id, reason] : tree.gaps)
      if (id == scenario.id) return reason;
  }
  if (!has_tree) return fmt::format("there is no {} build tree with a runner for this lane", name(build));
  return fmt::format("no {} build of this scenario was given (docs/writing-a-scenario.md says how to build one)",
                     name(build));
}

struct Known {  // a scenario and its plugin in each build
  Scenario scenario;
  std::map<Build, std::size_t> plugin;
};

Result<std::vector<Known>> index_scenarios(const std::vector<LoadedPlugin>& plugins) {
  std::vector<Known> known;
  std::map<std::string, std::size_t> position;
  for (std::size_t i = 0; i < plugins.size(); ++i) {
    const auto& description = plugins[i].description;
    for (const auto& scenario : description.scenarios) {
      const auto [entry, is_new] = position.try_emplace(scenario.id, known.size());
      if (is_new) known.push_back({scenario, {}});
      auto& own = known[entry->second];
      const auto [other, first] = own.plugin.try_emplace(description.build, i);
      if (!first)
        return failure(fmt::format(
            "two scenarios have the id {} in the {} build: {} and {}; an id is unique within one "
            "kind of build, so rename one or leave one plugin out",
            scenario.id, name(description.build), plugins[other->second].description.file, description.file));
      if (!is_new && !(own.scenario.expectation == scenario.expectation))
        return failure(
            fmt::format("{}: its {} build ({}) declares another expectation than its {} build ({}); rebuild "
                        "both from the same source",
                        scenario.id, name(description.build), description.file, name(own.plugin.begin()->first),
                        plugins[own.plugin.begin()->second].description.file));
    }
  }
  std::sort(known.begin(), known.end(), [](const Known& a, const Known& b) { return a.scenario.id < b.scenario.id; });
  return known;
}

Result<void> check_options(const std::vector<Known>& known, const RunOptions& options) {
  for (const auto& glob : options.globs)
    if (std::none_of(known.begin(), known.end(), [&](const Known& k) { return matches_glob(glob, k.scenario.id); }))
      return failure(fmt::format("no scenario matches '{}'; `chicane list` shows those there are", glob));
  for (const auto& [axis, value] : options.args) {
    std::set<std::string> axes;
    for (const auto& k : known)
      if (selected(k.scenario, options))
        for (const auto& own : k.scenario.axes) axes.insert(own.name);
    if (!axes.contains(axis))
      return failure(fmt::format("--arg {}={}: none of the chosen scenarios has the parameter '{}'; they have: {}",
                                 axis, value, axis, axes.empty() ? "none" : fmt::format("{}", fmt::join(axes, ", "))));
  }
  return {};
}

}  // namespace

std::vector<std::uint32_t> scaling_sizes(std::uint32_t cores) {
  std::set<std::uint32_t> sizes{cores, 2 * cores, 4 * cores};
  for (std::uint32_t n = 1; n <= 4 * cores; n *= 2)
    for (const auto size : {n, n + n / 2})
      if (size <= 4 * cores) sizes.insert(size);
  return {sizes.begin(), sizes.end()};
}

std::vector<std::uint32_t> worker_sweep(const Scenario& scenario, std::uint32_t cores, bool scaling) {
  std::set<std::uint32_t> counts;
  if (scaling)
    for (const auto size : scaling_sizes(cores)) counts.insert(allowed(scenario, size));
  for (std::uint32_t n = 1; n < cores; n *= 2) counts.insert(allowed(scenario, n));
  counts.insert(allowed(scenario, cores));
  counts.insert(allowed(scenario, 2 * cores));
  if (scenario.exactly_workers == 0) counts.insert(scenario.also_workers.begin(), scenario.also_workers.end());
  return {counts.begin(), counts.end()};
}

std::uint64_t trial_seed(std::uint64_t run_seed, const TrialRequest& request, std::uint64_t repetition) {
  const auto& parameters = request.parameters;
  auto text = fmt::format("{}|{}|{}|{}", request.scenario, name(request.lane), name(parameters.worker_kind),
                          parameters.workers);
  for (const auto& [axis, value] : parameters.args) text += fmt::format("|{}={}", axis, value);
  return mixed_seed(run_seed, fnv1a(text) + repetition);
}

Result<Campaign> plan_campaign(const std::vector<LoadedPlugin>& plugins, const std::vector<Tree>& trees,
                               const RunOptions& options, const std::vector<int>& cpus) {
  auto known = index_scenarios(plugins);
  if (!known) return std::unexpected(std::move(known.error()));
  if (auto good = check_options(*known, options); !good) return std::unexpected(std::move(good.error()));

  Campaign campaign;
  for (const auto& plugin : plugins)
    campaign.builds.push_back({fmt::format("b{}", campaign.builds.size()), plugin.description.name,
                               plugin.description.build, plugin.description.build_id, plugin.description.compiler,
                               plugin.tree.flags});
  const auto cores = static_cast<std::uint32_t>(std::max<std::size_t>(cpus.size(), 1));
  std::uint32_t among = 0;
  for (const auto& [scenario, builds] : *known) {
    if (!selected(scenario, options) || among++ % options.shards != options.shard - 1) continue;
    campaign.scenarios.push_back(scenario);
    for (const Lane lane : options.lanes) {
      const auto& unjudged = scenario.expectation.not_judged;
      const auto declared =
          std::find_if(unjudged.begin(), unjudged.end(), [&](const NotJudged& n) { return n.lane == lane; });
      if (declared != unjudged.end()) {
        campaign.gaps.push_back({scenario.id, lane, false, declared->reason});
        continue;
      }
      const auto build = builds.find(build_of(lane));
      if (build == builds.end()) {
        campaign.gaps.push_back({scenario.id, lane, false, no_build_reason(scenario, lane, trees)});
        continue;
      }
      const auto& plugin = plugins[build->second];
      const auto before = campaign.plans.size();
      for (const auto kind : worker_kinds(scenario, lane))
        for (const auto& args : combinations(scenario, options, lane, cores))
          for (const auto workers : worker_counts(scenario, lane, options, cores)) {
            Plan plan;
            plan.id = fmt::format("p{}", campaign.plans.size());
            plan.request.plugin = plugin.description.file;
            plan.request.scenario = scenario.id;
            if (!scenario.program.empty())
              plan.request.program = program_command(
                  scenario, std::filesystem::path(plugin.description.file).parent_path().string(), args);
            plan.request.lane = lane;
            plan.request.parameters = {kind, workers, args};
            plan.request.budget_ns = static_cast<std::uint64_t>(
                (options.slice.count() != 0 ? options.slice : default_slice(lane, options.quick)).count());
            // As many processes as without a budget, if it allows no more than that.
            if (lane == Lane::stress && options.slice.count() == 0 && options.budget.count() != 0)
              plan.request.budget_ns =
                  std::min(plan.request.budget_ns,
                           static_cast<std::uint64_t>(options.budget.count() / std::max(options.processes, 1u)));
            // In the explore lane a trial is many schedules, and none of them waits for real.
            plan.request.wall_limit_ns = lane == Lane::explore ? 0 : scenario.time_limit_ns;
            plan.request.cpus = cpus;
            plan.request.allow_uninstrumented = options.allow_uninstrumented;
            if (lane == Lane::explore) plan.request.explore = options.explore;
            plan.runner = plugin.tree.runner.string();
            plan.build = campaign.builds[build->second].id;
            plan.repetitions = lane == Lane::bench     ? options.rounds
                               : lane == Lane::explore ? options.searches
                                                       : options.processes;
            plan.budget = lane == Lane::bench ? std::chrono::nanoseconds(0) : options.budget;
            plan.oversubscribed = workers > cores;
            campaign.plans.push_back(std::move(plan));
          }
      if (campaign.plans.size() == before)
        campaign.gaps.push_back({scenario.id, lane, false, "none of the worker counts asked for fits its constraints"});
    }
  }
  if (campaign.scenarios.empty() && among > 0)
    return failure(fmt::format("--shard {}/{}: there are only {} scenarios", options.shard, options.shards, among));
  if (campaign.scenarios.empty())
    return failure(options.quick ? "no scenario is tagged `core`; leave --quick out to run all"
                                 : "there is no scenario to run");
  return campaign;
}

void add_refused(Campaign& campaign, const std::vector<RefusedPlugin>& refused, const std::vector<Lane>& lanes) {
  for (const auto& plugin : refused) {
    const auto id = id_of_file("plugin", std::filesystem::path(plugin.file).stem());
    const auto known = std::ranges::find(campaign.scenarios, id, &Scenario::id);
    if (known == campaign.scenarios.end()) {
      Scenario scenario;
      scenario.id = id;
      scenario.says = "a plugin that cannot be used, so that its scenarios are not known";
      campaign.scenarios.push_back(std::move(scenario));
      for (const auto lane : lanes)
        campaign.gaps.push_back({id, lane, false, "the build that was refused is another lane's"});
    }
    for (auto& gap : campaign.gaps)
      if (gap.scenario == id && build_of(gap.lane) == plugin.build) gap.error = true, gap.reason = plugin.reason;
  }
}

}  // namespace chicane
