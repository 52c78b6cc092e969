// chicane explore: searches the schedules of scenarios, or of a program, and shows what it finds step by step.
#include <algorithm>
#include <cstdlib>
#include <memory>

#include <fmt/format.h>

#include "harness/cli/command.h"
#include "harness/cli/execute.h"
#include "harness/cli/results.h"
#include "harness/cli/run_options.h"
#include "harness/supervisor/host.h"
#include "reports/picture.h"

namespace chicane {
namespace {

struct ExploreCall {
  RunCall run;
  std::string budget = "20s";
};

void show_pictures(const Run& run) {
  for (const auto& finding : run.findings) {
    const auto text = render_picture(finding, run.sources, picture_width());
    if (text.empty()) continue;
    fmt::print("\n{}: {}\n\n{}", name(finding.kind), finding.evidence.message, text);
  }
}

Result<int> explore(ExploreCall call, const Invocation& invocation) {
  auto& run = call.run;
  run.lanes = {"explore"};
  run.slice = call.budget;
  run.run.explore.program = invocation.program;
  if (!run.run.explore.program.empty() && !run.run.globs.empty())
    return failure(fmt::format("either scenarios or a program: '{}' is before the --", run.run.globs.front()));
  if (run.run.explore.program.empty() && run.run.globs.empty())
    return failure("what shall be explored? Name scenarios ('counter/*'), or a program after --");
  const auto budget = parse_duration(call.budget);
  if (!budget) return std::unexpected(budget.error());
  // One search on each core. What is found is replayed and shrunk beyond the budget.
  const auto cores = static_cast<std::uint32_t>(std::max<std::size_t>(usable_cpus().size(), 1));
  run.processes = cores;
  auto& schedules = run.run.explore.schedules;
  if (schedules != 0) schedules = std::max<std::uint64_t>(schedules / cores, 1);
  run.trial_timeout = fmt::format("{}s", budget->count() / 1'000'000'000 + 120);
  return execute_run(std::move(run), invocation, show_pictures);
}

}  // namespace

Action add_explore(CLI::App& app, const Invocation& invocation) {
  auto call = std::make_shared<ExploreCall>();
  auto& options = call->run;
  auto& asked = options.run.explore;
  auto& command = *app.add_subcommand(
      "explore", "Search the interleavings of scenarios, or of a program (explore … -- PROGRAM ARGS)");
  command.add_option("scenarios", options.run.globs, "Ids or globs, e.g. 'counter/*'");
  command.add_option("--strategy", asked.strategy, "How schedules are chosen (default: a portfolio of all)")
      ->check(CLI::IsMember({"portfolio", "plain", "round_robin", "random", "pos", "pct", "reads_from", "dfs"}));
  command.add_option("--depth", asked.depth, "Of pct: its depth; of dfs: preemptions at most, plus one");
  command.add_option("--schedules", asked.schedules, "At most so many, over all searches (default: 10000 each)");
  command.add_option("--memory-model", asked.memory_model, "sc, or relaxed: loads may read older values")
      ->check(CLI::IsMember({"sc", "relaxed"}));
  command.add_option("--switch-points", asked.switch_points, "Where threads are switched: sync, shared or all")
      ->check(CLI::IsMember({"sync", "shared", "all"}));
  command.add_option("--backend", asked.backend, "How threads are switched: fiber or futex (default: what is there)")
      ->check(CLI::IsMember({"fiber", "futex"}));
  command.add_option("--max-steps", asked.max_steps, "Of one schedule (default: 100000)");
  command.add_flag("--stop-at-first", asked.stop_at_first, "End each search at its first finding");
  command.add_option("--budget", call->budget, "Time for each search, e.g. 20s")->capture_default_str();
  command.add_option("--seed", options.seed, "The same seed makes the same schedules (default: random)");
  command.add_option("--workers", options.run.workers, "Numbers of workers (default: the fewest that can race)")
      ->delimiter(',');
  command.add_option("--arg", options.args, "Value of a scenario's parameter: NAME=INTEGER")->allow_extra_args(false);
  command.add_option("-o,--output", options.output, "Folder for run.json, the report and the schedules")
      ->capture_default_str();
  add_load_options(command, options.load);
  command.footer(
      "Each finding leaves a file in DIR/schedules, which `chicane replay` runs again, step by step the same.");
  return [call, &invocation] { return explore(*call, invocation); };
}

}  // namespace chicane
