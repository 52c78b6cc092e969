#include "harness/runner/trial.h"

#include <chicane/plugin.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/model/trial_of.h"
#include "harness/runner/lanes/lanes.h"
#include "harness/runner/lanes/wait_ledger.h"
#include "harness/runner/plugin.h"
#if CHICANE_BUILD_KIND == 0
#include "harness/runner/program.h"
#endif
#if CHICANE_BUILD_KIND == 3
#include "harness/runner/explore/explored.h"
#include "harness/runner/explore/program_run.h"
#endif

namespace chicane {
namespace {

int refuse(const Error& error, ResultStream& results) {
  RunnerEvent event;
  event.kind = RunnerEvent::Kind::refused;
  event.message = error.message;
  results.send(event);
  return exit_refused;
}

void send(ResultStream& results, RunnerEvent::Kind kind) {
  RunnerEvent event;
  event.kind = kind;
  results.send(event);
}

Result<const RunnableScenario*> find_scenario(const OpenPlugin& plugin, const std::string& id) {
  for (const auto& scenario : plugin.scenarios)
    if (scenario.scenario.id == id) return &scenario;
  return failure(fmt::format("{} has no scenario '{}'", plugin.description.file, id));
}

Ledger::Send finding_sender(ResultStream& results) {
  return [&results](const Finding& finding, std::uint64_t count) {
    RunnerEvent event;
    event.kind = RunnerEvent::Kind::finding;
    event.finding = finding;
    event.count = count;
    results.send(event);
  };
}

}  // namespace

int describe(const std::string& file, const std::vector<std::string>& allow_uninstrumented, ResultStream& results) {
  auto plugin = open_plugin(file, runner_build(), allow_uninstrumented);
  if (!plugin) return refuse(plugin.error(), results);
  RunnerEvent event;
  event.kind = RunnerEvent::Kind::description;
  event.description = std::move(plugin->description);
  results.send(event);
  return 0;
}

RunnerEvent completed(const TrialRequest& request) {
  RunnerEvent result;
  result.kind = RunnerEvent::Kind::result;
  result.trial = trial_of(request);
  result.trial.status = TrialStatus::completed;
  return result;
}

// The program is its own runner; there is no plugin and no stage.
int explore_program_trial(const TrialRequest& request, ResultStream& results) {
#if CHICANE_BUILD_KIND == 3
  send(results, RunnerEvent::Kind::started);
  auto result = completed(request);
  if (auto explored = explore::explore_program(request, finding_sender(results), result.trial); !explored)
    return refuse(explored.error(), results);
  results.send(result);
  send(results, RunnerEvent::Kind::finished);
  return 0;
#else
  return refuse({fmt::format("{}: programs are explored by the runner of the explore tree", request.scenario)},
                results);
#endif
}

int program_trial(const TrialRequest& request, ResultStream& results) {
#if CHICANE_BUILD_KIND == 0
  if (request.lane == Lane::bench) {
    send(results, RunnerEvent::Kind::started);
    auto result = completed(request);
    const auto sender = finding_sender(results);
    const auto found = [&](const Finding& finding) { sender(finding, 1); };
    if (auto ran = run_program(request, found, result.trial); !ran) return refuse(ran.error(), results);
    results.send(result);
    send(results, RunnerEvent::Kind::finished);
    return 0;
  }
#endif
  return refuse({fmt::format("{}: a program of its own is run in the bench lane only", request.scenario)}, results);
}

int run_trial(const TrialRequest& request, ResultStream& results) {
  const auto* const lane = find_lane(request.lane);
  if (lane == nullptr)
    return refuse(
        {fmt::format("this runner has no {} lane; it was built as {}", name(request.lane), name(runner_build()))},
        results);
  if (!request.explore.program.empty()) return explore_program_trial(request, results);
  if (!request.program.empty()) return program_trial(request, results);
  auto plugin = open_plugin(request.plugin, runner_build(), request.allow_uninstrumented);
  if (!plugin) return refuse(plugin.error(), results);
  const auto scenario = find_scenario(*plugin, request.scenario);
  if (!scenario) return refuse(scenario.error(), results);
  if (!(*scenario)->scenario.outcomes.empty() && request.lane != Lane::stress && request.lane != Lane::explore)
    return refuse(
        {fmt::format("{} is a litmus scenario, which the {} lane can't judge", request.scenario, name(request.lane))},
        results);

  Ledger ledger(finding_sender(results), [&results](const std::string& why) {
    RunnerEvent event;
    event.kind = RunnerEvent::Kind::ended_by_detector;
    event.message = why;
    results.send(event);
  });
  auto stage = Stage::build(**scenario, request, lane->workers_are(request.parameters.worker_kind), ledger);
  if (!stage) return refuse(stage.error(), results);
#if CHICANE_BUILD_KIND == 3
  if (auto blind = explore::blindness(**scenario); !blind.empty()) return refuse({std::move(blind)}, results);
#endif

  if (request.lane != Lane::bench) wait_ledger::keep_conditions();  // what is timed stays undisturbed
  wait_ledger::state_is_at(stage->state().data(), stage->state().size());
  wait_ledger::other_threads_are_the_harness();
  RunnerEvent started;
  started.kind = RunnerEvent::Kind::started;
  started.wait_board = wait_ledger::address();
  results.send(started);
  auto result = completed(request);
  lane->run(*stage, request, result.trial);
  ledger.send_repeats();
  results.send(result);
  send(results, RunnerEvent::Kind::finished);
  return 0;
}

}  // namespace chicane
