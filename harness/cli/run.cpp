// chicane run: runs scenarios in their lanes, judges them, and writes run.json and the reports beside it.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <time.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include "harness/cli/command.h"
#include "harness/cli/conclude.h"
#include "harness/cli/execute.h"
#include "harness/cli/hosted_ci.h"
#include "harness/cli/load.h"
#include "harness/cli/now.h"
#include "harness/cli/results.h"
#include "harness/cli/revision.h"
#include "harness/cli/run_options.h"
#include "harness/cli/stop.h"
#include "harness/judge/judge.h"
#include "harness/supervisor/campaign.h"
#include "harness/supervisor/host.h"
#include "harness/supervisor/journal.h"
#include "harness/supervisor/program_plan.h"
#include "harness/supervisor/progress.h"
#include "harness/supervisor/sources.h"

namespace chicane {
namespace {

JournalHeader journal_header(const Run& run, const Campaign& campaign) {
  JournalHeader header{run.id,
                       run.started,
                       run.seed,
                       run.tool_version,
                       run.tool_revision,
                       run.command,
                       run.hosts.front().fingerprint,
                       run.builds,
                       plan_digest(campaign),
                       0};
  for (const auto& plan : campaign.plans) header.repetitions += plan.repetitions;
  return header;
}

Run begin_run(const RunCall& options, const Campaign& campaign, const Invocation& invocation) {
  Run run;
  run.started = utc_now();
  run.seed = options.run.seed;
  run.id = fmt::format(
      "{}-{:08x}", run.started,
      static_cast<std::uint32_t>(trial_seed(run.seed, TrialRequest{}, static_cast<std::uint64_t>(getpid()))));
  run.tool_version = CHICANE_VERSION;
  run.tool_revision = revision();
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
  for (auto& note : reductions(run)) run.notes.push_back(std::move(note));
  conclude_figures(run);
}

struct Prepared {
  Loaded loaded;
  Campaign campaign;
};
Result<Prepared> prepare(const RunCall& options, const Invocation& invocation, const std::vector<int>& cpus) {
  if (!options.run.explore.program.empty()) {
    auto trees = load_trees(options.load, invocation.executable);
    if (!trees) return std::unexpected(std::move(trees.error()));
    auto program = plan_program(*trees, options.run);
    if (!program) return std::unexpected(std::move(program.error()));
    return Prepared{{std::move(*trees), {}, {}}, std::move(*program)};
  }
  auto loaded = load(options.load, invocation.executable, options.run.lanes, stop_requested);
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  for (const auto& plugin : loaded->refused) fmt::print(stderr, "chicane run: without {}\n", plugin.reason);
  auto campaign = plan_campaign(loaded->plugins, loaded->trees, options.run, cpus);
  if (!campaign) return std::unexpected(std::move(campaign.error()));
  add_refused(*campaign, loaded->refused, options.run.lanes);
  return Prepared{std::move(*loaded), std::move(*campaign)};
}

// A new journal or, resuming, the old one, whose trials the run then starts with.
Result<Journal> open_journal(std::optional<Journal> old, JournalContents past, const RunCall& options,
                             const Campaign& campaign, Run& run) {
  const auto header = journal_header(run, campaign);
  if (!old) {
    auto journal = Journal::create(options.output, header);
    if (journal) remove_results(options.output);
    return journal;
  }
  if (auto same = check_same_run(past.header, header); !same) return std::unexpected(std::move(same.error()));
  run.notes.push_back(
      fmt::format("resumed at {} after {} trials; the length of the run and the host's load are those of its last part",
                  run.started, past.trials.size()));
  fmt::print(stderr, "chicane run: resuming {}: {} trials have ended{}\n", past.header.run, past.trials.size(),
             past.torn ? " (one whose line in the journal is torn is run again)" : "");
  run.id = past.header.run;
  run.started = past.header.started;
  run.command = past.header.command;
  run.trials = std::move(past.trials);
  run.findings = std::move(past.findings);
  remove_results(options.output);
  return std::move(*old);
}

int stopped_early() {
  fmt::print(stderr, "chicane run: stopped before the first trial; nothing was changed\n");
  return exit_code::interrupted;
}

}  // namespace

Result<int> execute_run(RunCall options, const Invocation& invocation, const std::function<void(const Run&)>& told) {
  const auto started = std::chrono::steady_clock::now();
  stop_on_signals();
  std::optional<Journal> old;
  JournalContents past;
  if (options.resume) {
    auto journal = Journal::resume(options.output, past);
    if (!journal) return std::unexpected(std::move(journal.error()));
    old.emplace(std::move(*journal));
    if (!options.asks_for_itself) {
      auto same = options_of(past.header.command);
      if (!same) return std::unexpected(std::move(same.error()));
      same->output = options.output;
      same->annotations = options.annotations;
      options = std::move(*same);
    }
    if (!options.seed) options.seed = past.header.seed;
  }
  if (auto good = complete(options); !good) return std::unexpected(std::move(good.error()));
  const auto cpus = usable_cpus();
  auto prepared = prepare(options, invocation, cpus);
  if (stop_requested) return stopped_early();
  if (!prepared) return std::unexpected(std::move(prepared.error()));
  const auto& [loaded, campaign] = *prepared;
  // A folder that can't be written is found before anything is measured.
  if (auto writable = open_results(options.output); !writable) return std::unexpected(std::move(writable.error()));

  auto run = begin_run(options, campaign, invocation);
  auto journal = open_journal(std::move(old), std::move(past), options, campaign, run);
  if (!journal) return std::unexpected(std::move(journal.error()));
  fmt::print(stderr, "chicane run: {} scenarios, {} sets of parameters, seed {}\n", campaign.scenarios.size(),
             campaign.plans.size(), run.seed);
  TrialProcess process({.wall = options.trial_limit, .resources = options.trial_resources});
  ClockedRunner runner(process);
  Progress progress(stderr);
  Result<void> journaled;
  const auto before = sample_load();
  run_campaign(
      campaign, runner, static_cast<std::uint32_t>(cpus.size()), run,
      [&](const TrialEnded& ended) {
        if (journaled) journaled = journal->add(ended.trial, run.findings);
        if (!journaled) stop_requested = true;  // a full disk: what there is is kept, and more would be lost
        progress(ended);
      },
      stop_requested);
  progress.finish();
  if (journaled) journaled = journal->sync();
  run.hosts.front().during = load_between(before, sample_load());
  if (!journaled) run.notes.push_back("stopped: " + journaled.error().message);
  conclude(run, loaded.trees);
  const auto duration = std::chrono::steady_clock::now() - started;
  run.duration_ns = std::chrono::nanoseconds(duration).count();
  run.outside_trials_ns = (duration - runner.busy()).count();

  const auto written = write_results(run, options.output);
  if (!journaled) return std::unexpected(std::move(journaled.error()));
  if (!written) return std::unexpected(written.error());
  if (told) told(run);
  if (!options.quiet) {
    print_summary(run, stdout);
    fmt::print("Report: {} ({} min {:02} s)\n", (std::filesystem::path(options.output) / "report.html").string(),
               std::chrono::floor<std::chrono::minutes>(duration).count(),
               std::chrono::floor<std::chrono::seconds>(duration).count() % 60);
    tell_hosted_ci(run, options.annotations, stdout);
  }
  if (!run.complete) {
    fmt::print(stderr,
               "chicane run: stopped; {} of the planned trials were made, and all of them are in the run file\n"
               "chicane run: `chicane run --resume -o {}` goes on from there\n",
               run.trials.size(), options.output);
    return exit_code::interrupted;
  }
  return exit_status(run, options.must_judge);
}

Action add_run(CLI::App& app, const Invocation& invocation) {
  auto options = std::make_shared<RunCall>();
  auto& command = *app.add_subcommand("run", "Run scenarios in their lanes, judge them, write run.json and reports");
  add_run_options(command, *options);
  return [options, &command, &invocation] {
    options->asks_for_itself = asks_for_itself(command);
    return execute_run(*options, invocation);
  };
}

}  // namespace chicane
