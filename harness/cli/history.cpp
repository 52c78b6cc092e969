// chicane history: results of many runs in one file, and where they changed.
#include <algorithm>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <map>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/command.h"
#include "harness/cli/history_table.h"
#include "harness/cli/now.h"
#include "harness/cli/run_file.h"
#include "harness/gate/history/entry.h"
#include "harness/gate/history/store.h"
#include "harness/gate/history/trend.h"
#include "harness/gate/policy.h"
#include "harness/model/files.h"
#include "harness/model/json.h"
#include "harness/supervisor/glob.h"
#include "harness/supervisor/process.h"
#include "reports/figures.h"

namespace chicane {
namespace {

struct HistoryCall {
  std::string file = "history.sqlite";
  std::string run, commit, output;
  std::vector<std::string> scenarios;
  std::string measure = "wall_ns_per_operation";
  std::string margin = "5%", alpha = "1%";
  std::size_t within = CheckRequest{}.within, last = 40;
};

// What git prints, or nothing where it can't.
std::string said_by_git(std::vector<std::string> arguments) {
  ProcessRequest request;
  request.command = {"/usr/bin/env", "git"};
  request.command.insert(request.command.end(), arguments.begin(), arguments.end());
  const std::atomic<bool> never_stop{false};
  const auto outcome = run_process(request, never_stop);
  if (!outcome || outcome->exit_code != 0) return {};
  auto text = outcome->stdout_tail;
  text.erase(text.find_last_not_of(" \n") + 1);
  return text;
}

// Of the folder that it is called in. Files that git does not know change nothing of a build, as a rule.
std::string commit_here() {
  const auto commit = said_by_git({"rev-parse", "HEAD"});
  if (commit.empty()) return "unknown";
  const bool changed = !said_by_git({"status", "--porcelain", "--untracked-files=no"}).empty();
  return changed ? commit + "-dirty" : commit;
}

Result<double> share_of(const std::string& option, const std::string& text) {
  auto share = parse_share(text);
  if (!share) return std::unexpected(std::move(share.error()).within(option));
  if (*share >= 1) return failure(fmt::format("{} {}: it is to be below 100%", option, text));
  return share;
}

Result<int> add_to_history(const HistoryCall& call) {
  signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error that says so
  auto run = read_run(call.run);
  if (!run) return std::unexpected(std::move(run.error()));
  const auto commit = call.commit.empty() ? commit_here() : call.commit;
  auto entry = history_run(*run, commit, utc_now());
  if (!entry) return std::unexpected(std::move(entry.error()).within(call.run));
  auto store = HistoryStore::open_or_create(call.file);
  if (!store) return std::unexpected(std::move(store.error()));
  const auto added = store->add(*entry);
  if (!added) return std::unexpected(added.error());
  if (!added->is_new)
    fmt::print("{}: run {} is there already, added on {}; nothing was changed\n", call.file, entry->id, added->when);
  else
    fmt::print("{}: added run {} of commit {} ({}, {}); {} now\n", call.file, entry->id, commit,
               reports::plural(entry->values.size(), "figure"), reports::plural(entry->verdicts.size(), "verdict"),
               reports::plural(added->runs, "run"));
  if (added->is_new && commit == "unknown")
    fmt::print(stderr, "chicane history add: no commit is known here (git tells none); name it with --commit\n");
  return exit_code::as_declared;
}

// Series of the measure whose scenario fits; an error that says what there is where none does.
Result<std::vector<HistorySeries>> wanted_series(const HistoryStore& store, const HistoryCall& call) {
  auto all = store.series(call.measure);
  if (!all) return all;
  if (all->empty()) {
    const auto known = store.measures();
    if (!known) return std::unexpected(known.error());
    if (!known->empty())
      return failure(
          fmt::format("{} has no measure {}; there are: {}", call.file, call.measure, fmt::join(*known, ", ")));
    return all;
  }
  std::set<std::string> scenarios;
  for (const auto& series : *all) scenarios.insert(series.scenario);
  if (!call.scenarios.empty())
    std::erase_if(*all, [&](const HistorySeries& series) { return !matches_any(call.scenarios, series.scenario); });
  if (all->empty())
    return failure(fmt::format("{}: no scenario with {} matches {}; there are: {}", call.file, call.measure,
                               fmt::join(call.scenarios, " "), fmt::join(scenarios, ", ")));
  return all;
}

Result<int> show_history(const HistoryCall& call) {
  auto store = HistoryStore::open(call.file);
  if (!store) return std::unexpected(std::move(store.error()));
  const auto all = wanted_series(*store, call);
  if (!all) return std::unexpected(all.error());
  const auto verdicts = store->last_verdicts();
  if (!verdicts) return std::unexpected(verdicts.error());
  std::map<std::pair<std::string, std::string>, std::string> in_lanes;
  for (const auto& each : *verdicts) {
    auto& text = in_lanes[{each.host, each.scenario}];
    text += fmt::format("{}{} {}", text.empty() ? "last verdicts: " : ", ", name(each.lane), name(each.verdict));
  }
  if (all->empty()) fmt::print("{}: no run in it has figures of the bench lane\n", call.file);
  for (const auto& series : *all)
    fmt::print("{}{}", &series == all->data() ? "" : "\n",
               history_table(series, changes_of(series), call.last, in_lanes[{series.host, series.scenario}]));
  return exit_code::as_declared;
}

Result<int> check_history_file(const HistoryCall& call) {
  CheckRequest request;
  request.within = call.within;
  for (const auto& [option, text, share] :
       {std::tuple{"--margin", &call.margin, &request.margin}, {"--alpha", &call.alpha, &request.alpha}}) {
    const auto value = share_of(option, *text);
    if (!value) return std::unexpected(value.error());
    *share = *value;
  }
  auto store = HistoryStore::open(call.file);
  if (!store) return std::unexpected(std::move(store.error()));
  const auto all = wanted_series(*store, call);
  if (!all) return std::unexpected(all.error());
  const auto result = check_history(*all, request);
  for (const auto& slowdown : result.slowdowns) {
    const auto& series = (*all)[slowdown.series];
    const auto& since = series.points[slowdown.change.at];
    fmt::print("{}", history_paragraph(fmt::format(
                         "{}: {}, since the run of {} (commit {}), {} ago, host {}", series_in_words(series),
                         change_in_words(slowdown.change, series.measure), since.started, since.commit,
                         reports::plural(series.points.size() - slowdown.change.at, "run"), series.host)));
  }
  std::vector<std::string> left_out;
  if (result.too_short > 0)
    left_out.push_back(fmt::format("{} with fewer than {} runs", result.too_short, fewest_runs));
  if (result.not_right > 0) left_out.push_back(fmt::format("{} not right in the last run", result.not_right));
  if (result.unfit > 0) left_out.push_back(fmt::format("{} with values that are not above 0", result.unfit));
  fmt::print("{}",
             history_paragraph(fmt::format(
                 "{}: {} checked{}{}; {} became slower by more than {} within the last {} runs", call.file,
                 reports::plural(result.checked, "series", "series"), left_out.empty() ? "" : ", left out ",
                 fmt::join(left_out, ", "), result.slowdowns.empty() ? "none" : std::to_string(result.slowdowns.size()),
                 call.margin, call.within)));
  if (result.checked == 0) return exit_code::inconclusive;
  return result.slowdowns.empty() ? exit_code::as_declared : exit_code::worse;
}

Result<int> export_history(const HistoryCall& call) {
  auto store = HistoryStore::open(call.file);
  if (!store) return std::unexpected(std::move(store.error()));
  const auto history = store->everything();
  if (!history) return std::unexpected(history.error());
  const auto text = to_json(*history);
  if (!call.output.empty() && call.output != "-") {
    if (auto written = write_file(call.output, text); !written) return std::unexpected(std::move(written.error()));
    return exit_code::as_declared;
  }
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    return failure("writing to standard output failed");
  return exit_code::as_declared;
}

}  // namespace

Action add_history(CLI::App& app, const Invocation&) {
  auto call = std::make_shared<HistoryCall>();
  auto& command = *app.add_subcommand("history", "Keep results of runs in one file, and see where they changed");
  command.require_subcommand(1);
  const auto part = [&](const char* name, const char* says) {
    auto* added = command.add_subcommand(name, says);
    added->add_option("--file", call->file, "The history's file")->type_name("FILE")->capture_default_str();
    return added;
  };
  auto* add = part("add", "Add a run: its bench figures and verdicts");
  add->add_option("run", call->run, "A run.json")->required()->type_name("RUN.json");
  add->add_option("--commit", call->commit, "Commit of the code that was run (default: git's, of the current folder)")
      ->type_name("COMMIT")
      ->check([](const std::string& text) { return text.empty() ? "is empty" : std::string(); });

  auto* show = part("show", "Figures of a scenario over time, with change points");
  auto* check = part("check", "Whether the last change of some scenario is a slowdown: exit status 1");
  for (auto* each : {show, check})
    each->add_option("--measure", call->measure, "Which measure (docs/formats.md), or counters.NAME")
        ->type_name("NAME")
        ->capture_default_str();
  show->add_option("scenario", call->scenarios, "Ids or globs")->required()->type_name("SCENARIO");
  show->add_option("--last", call->last, "Runs to print at most, of each table")->type_name("N")->capture_default_str();
  check->add_option("scenario", call->scenarios, "Ids or globs (default: all)")->type_name("SCENARIO");
  check->add_option("--margin", call->margin, "A slowdown is larger than this")
      ->type_name("SHARE")
      ->capture_default_str();
  check->add_option("--within", call->within, "A slowdown began in these last runs of its series")
      ->type_name("N")
      ->capture_default_str();
  check
      ->add_option("--alpha", call->alpha,
                   "Share of checks of an unchanged history that may say slower, over all series together")
      ->type_name("SHARE")
      ->capture_default_str();
  check->footer("Exit status: 0 nothing new, 1 slower, 2 could not be done, 3 too few runs of every series.");

  auto* exported = part("export", "The whole history as JSON (chicane.history/1)");
  exported->add_option("-o,--output", call->output, "File to write (default: standard output)")->type_name("FILE");
  return [=]() -> Result<int> {
    if (add->parsed()) return add_to_history(*call);
    if (show->parsed()) return show_history(*call);
    if (check->parsed()) return check_history_file(*call);
    return export_history(*call);
  };
}

}  // namespace chicane
