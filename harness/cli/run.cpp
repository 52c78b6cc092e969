// chicane run: runs scenarios in their lanes, judges them, and writes run.json and the reports beside it.
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include "harness/cli/command.h"
#include "harness/cli/load.h"
#include "harness/cli/results.h"
#include "harness/judge/judge.h"
#include "harness/statistics/summary.h"
#include "harness/supervisor/campaign.h"
#include "harness/supervisor/host.h"
#include "harness/supervisor/progress.h"
#include "harness/supervisor/sources.h"

namespace chicane {
namespace {

struct Options {
  LoadOptions load;
  RunOptions run;
  std::vector<std::string> lanes, required_lanes, args;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint32_t> rounds, processes;
  std::string budget, slice, trial_timeout = "30s";
  std::string output = "out";
};

// Set by the first Ctrl-C or SIGTERM; the second ends the program at once.
std::atomic<bool> stop_requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "used in a signal handler");

void on_signal(int) {
  if (stop_requested.exchange(true)) _exit(exit_code::interrupted);
}

void stop_on_signals() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGHUP, &action, nullptr);
  // A reader of our output that has gone (`| head`) must not take the run with it: writing fails instead.
  signal(SIGPIPE, SIG_IGN);
}

std::string utc_now() {
  const time_t now = time(nullptr);
  tm parts{};
  gmtime_r(&now, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

Result<void> complete(Options& options) {
  auto lanes = parse_lanes(options.lanes);
  if (!lanes) return std::unexpected(std::move(lanes.error()));
  options.run.lanes = std::move(*lanes);
  for (const auto& [text, target] :
       {std::pair{&options.budget, &options.run.budget}, {&options.slice, &options.run.slice}})
    if (!text->empty()) {
      auto duration = parse_duration(*text);
      if (!duration) return std::unexpected(std::move(duration.error()));
      *target = *duration;
    }
  for (const auto& text : options.args) {
    const auto equals = text.find('=');
    char* rest = nullptr;
    const auto value = equals == std::string::npos ? 0 : std::strtoll(text.c_str() + equals + 1, &rest, 10);
    if (rest == nullptr || *rest != '\0' || equals == 0 || equals + 1 == text.size())
      return failure(fmt::format("--arg {}: write it as name=integer, e.g. wait_ms=200", text));
    options.run.args[text.substr(0, equals)] = value;
  }
  std::random_device entropy;
  options.run.seed = options.seed.value_or((static_cast<std::uint64_t>(entropy()) << 21) ^ entropy());
  // Eight rounds are the fewest that bear a 95 % interval of a median and one outlier.
  options.run.rounds = options.rounds.value_or(options.run.quick ? 8 : 20);
  options.run.processes = options.processes.value_or(options.run.quick ? 8 : 16);
  options.run.allow_uninstrumented = options.load.allow_uninstrumented;
  return {};
}

Run begin_run(const Options& options, const Campaign& campaign, const Invocation& invocation) {
  Run run;
  run.started = utc_now();
  run.seed = options.run.seed;
  run.id = fmt::format(
      "{}-{:08x}", run.started,
      static_cast<std::uint32_t>(trial_seed(run.seed, TrialRequest{}, static_cast<std::uint64_t>(getpid()))));
  run.tool_version = CHICANE_VERSION;
  run.tool_revision = CHICANE_REVISION;
  run.command = invocation.arguments;
  run.lanes = options.run.lanes;
  run.hosts = {read_host()};
  run.hosts.front().before = load_now();
  run.builds = campaign.builds;
  run.scenarios = campaign.scenarios;
  run.gaps = campaign.gaps;
  for (const auto& library : options.run.allow_uninstrumented)
    run.notes.push_back(
        fmt::format("{} was accepted without instrumentation: what it does is unseen by sanitizers", library));
  return run;
}

void conclude(Run& run, const std::vector<Tree>& trees) {
  run.ended = utc_now();
  std::vector<std::string> roots;
  for (const auto& tree : trees) roots.push_back(tree.source.string());
  run.sources = collect_sources(run.findings, roots);
  run.verdicts = judge(run);
  run.summaries = summarize(run);
}

Result<int> execute(Options options, const Invocation& invocation) {
  const auto started = std::chrono::steady_clock::now();
  if (auto good = complete(options); !good) return std::unexpected(std::move(good.error()));
  const auto required = options.required_lanes.empty() ? Result<std::vector<Lane>>(std::vector<Lane>{})
                                                       : parse_lanes(options.required_lanes);
  if (!required) return std::unexpected(required.error());
  const auto limit = parse_duration(options.trial_timeout);
  if (!limit) return std::unexpected(limit.error());
  stop_on_signals();
  auto loaded = load(options.load, invocation.executable, options.run.lanes, stop_requested);
  if (stop_requested) {
    fmt::print(stderr, "chicane run: stopped before the first trial\n");
    return exit_code::interrupted;
  }
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  const auto cpus = usable_cpus();
  auto campaign = plan_campaign(loaded->plugins, loaded->trees, options.run, cpus);
  if (!campaign) return std::unexpected(std::move(campaign.error()));
  // A folder that can't be written is found before anything is measured.
  if (auto writable = open_results(options.output); !writable) return std::unexpected(std::move(writable.error()));

  auto run = begin_run(options, *campaign, invocation);
  fmt::print(stderr, "chicane run: {} scenarios, {} sets of parameters, seed {}\n", campaign->scenarios.size(),
             campaign->plans.size(), run.seed);
  TrialProcess process({*limit});
  ClockedRunner runner(process);
  Progress progress(stderr);
  const auto before = sample_load();
  run_campaign(
      *campaign, runner, static_cast<std::uint32_t>(cpus.size()), run,
      [&progress](const TrialEnded& ended) { progress(ended); }, stop_requested);
  progress.finish();
  run.hosts.front().during = load_between(before, sample_load());
  conclude(run, loaded->trees);
  const auto duration = std::chrono::steady_clock::now() - started;
  run.duration_ns = std::chrono::nanoseconds(duration).count();
  run.outside_trials_ns = (duration - runner.busy()).count();

  if (auto written = write_results(run, options.output); !written) return std::unexpected(std::move(written.error()));
  print_summary(run, stdout);
  fmt::print("Report: {}\n", (std::filesystem::path(options.output) / "report.html").string());
  if (stop_requested) {
    fmt::print(stderr,
               "chicane run: stopped; {} of the planned trials were made, and all of them are in the run file\n",
               run.trials.size());
    return exit_code::interrupted;
  }
  return exit_status(run, *required);
}

}  // namespace

Action add_run(CLI::App& app, const Invocation& invocation) {
  auto options = std::make_shared<Options>();
  auto& command = *app.add_subcommand("run", "Run scenarios in their lanes, judge them, write run.json and reports");
  command.add_option("scenarios", options->run.globs, "Ids or globs, e.g. 'counter/*' (default: all)")
      ->type_name("GLOB");
  command.add_flag("--quick", options->run.quick, "Only scenarios tagged core, short trials, 8 rounds and processes");
  command.add_option("--lanes", options->lanes, "Lanes to run (default: all)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LANE,…");
  command
      .add_option("--require-lanes", options->required_lanes, "Exit with 3 when one of these did not judge a scenario")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LANE,…");
  command.add_option("--workers", options->run.workers, "Worker counts (default: a sweep to twice the cores)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Range(1, 4096))
      ->type_name("N,…");
  command.add_option("--arg", options->args, "Value of a scenario's parameter, e.g. wait_ms=200")
      ->type_name("NAME=N")
      ->allow_extra_args(false);
  command.add_option("--rounds", options->rounds, "bench: fresh processes for each set of parameters (20; quick 8)")
      ->check(CLI::Range(1, 100000))
      ->type_name("N");
  command
      .add_option("--processes", options->processes,
                  "stress, tsan, asan: fresh processes for each set, at least (16; quick 8)")
      ->check(CLI::Range(1, 1000000))
      ->type_name("N");
  command
      .add_option("--budget", options->budget,
                  "Time for each set of parameters: kept in stress, the least in tsan and asan")
      ->type_name("TIME");
  command.add_option("--slice", options->slice, "Time aimed at within one trial")->type_name("TIME");
  command.add_option("--trial-timeout", options->trial_timeout, "Wall-time limit of one trial")
      ->type_name("TIME")
      ->capture_default_str();
  command.add_option("--seed", options->seed, "Seed of the order and of every trial (default: random, recorded)")
      ->type_name("N");
  command.add_option("-o,--output", options->output, "Folder for run.json, report.html and junit.xml")
      ->type_name("DIR")
      ->capture_default_str();
  add_load_options(command, options->load);
  return [options, &invocation] { return execute(*options, invocation); };
}

}  // namespace chicane
