// chicane report: makes reports from run files alone, of several as one; runs nothing.
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/browser.h"
#include "harness/cli/command.h"
#include "harness/cli/conclude.h"
#include "harness/cli/history_table.h"
#include "harness/cli/hosted_ci.h"
#include "harness/cli/now.h"
#include "harness/cli/results.h"
#include "harness/cli/run_file.h"
#include "harness/cli/run_options.h"
#include "harness/gate/history/store.h"
#include "harness/gate/history/trend.h"
#include "harness/gate/policy.h"
#include "harness/gate/stored.h"
#include "harness/judge/wording.h"
#include "harness/model/files.h"
#include "harness/model/json.h"
#include "harness/model/merge_runs.h"
#include "reports/render.h"

namespace chicane {
namespace {

struct ReportOptions {
  std::vector<std::string> runs;
  std::string format = "html";
  std::string output;
  std::string source_root;
  std::string annotations = "never";
  std::string baseline, history;
  bool open = false;
};

// A format as it goes out in parts: the longest ones are never held as a whole.
using Writer = std::function<void(const Run&, const ReportOptions&, const TextSink&)>;
const std::map<std::string, Writer>& writers() {
  const auto of_text = [](auto render) {
    return [render](const Run& run, const ReportOptions&, const TextSink& out) { out(render(run)); };
  };
  static const std::map<std::string, Writer> all{
      {"html", of_text(render_html)},
      {"junit", of_text(render_junit)},
      {"markdown", of_text(render_markdown)},
      {"gbench", of_text(render_gbench)},
      {"console", of_text([](const Run& run) { return render_console(run, {}); })},
      {"json", [](const Run& run, const ReportOptions&, const TextSink& out) { write_json(run, out); }},
      {"csv", [](const Run& run, const ReportOptions&, const TextSink& out) { write_csv(run, out); }},
      {"sarif", [](const Run& run, const ReportOptions& options, const TextSink& out) {
         out(render_sarif(run, options.source_root));
       }}};
  return all;
}

Result<Run> read_runs(const std::vector<std::string>& files) {
  if (files.size() == 1) return read_run(files.front());
  std::vector<NamedRun> runs;
  for (const auto& file : files) {
    auto run = read_run(file);
    if (!run) return run;
    runs.push_back({file, std::move(*run)});
  }
  auto all = merge_runs(std::move(runs));
  if (all) conclude_figures(*all);
  return all;
}

struct Compared {
  Run baseline;
  GateResult times;
};
// What is other than in the run of `file`.
Result<Compared> compared_with(const std::string& file, const Run& run, const ReportOptions& options) {
  auto baseline = read_run(file);
  if (!baseline) return std::unexpected(std::move(baseline.error()).within("--baseline"));
  if (baseline->id == run.id)
    return failure(fmt::format("--baseline: {} holds the same run ({}); name an older one", file, run.id));
  GateAsked asked;
  asked.margin = stored_margin, asked.detect = stored_detect;
  auto compared = compare_runs(*baseline, run, asked, {}, utc_now().substr(0, 10));
  compared.baseline = file;
  compared.candidate = fmt::format("{}", fmt::join(options.runs, ", "));
  return Compared{std::move(*baseline), std::move(compared)};
}

HistoryLine line_of(const HistorySeries& series) {
  HistoryLine line;
  line.says = fmt::format("{}, {}", series.scenario, in_words(series.parameters));
  line.measure = series.measure;
  for (const auto& point : series.points)
    line.points.push_back({point.run, point.started, point.commit, point.value, point.right});
  for (const auto& change : changes_of(series)) {
    const bool worse = more_is_better(series.measure) ? change.after < change.before : change.after > change.before;
    line.changes.push_back({change.at, change.before, change.after, worse, change_in_words(change, series.measure)});
  }
  return line;
}

// The run's scenarios on hosts of its kind.
Result<std::vector<HistoryLine>> lines_of(const std::string& file, const Run& run) {
  auto store = HistoryStore::open(file);
  if (!store) return std::unexpected(std::move(store.error()).within("--history"));
  const auto all = store->series("wall_ns_per_operation");
  if (!all) return std::unexpected(all.error());
  std::set<std::string> hosts, scenarios;
  for (const auto& host : run.hosts) hosts.insert(host.fingerprint);
  for (const auto& scenario : run.scenarios) scenarios.insert(scenario.id);
  std::vector<HistoryLine> lines;
  for (const auto& series : *all)
    if (hosts.contains(series.host) && scenarios.contains(series.scenario) && !series.points.empty())
      lines.push_back(line_of(series));
  if (lines.empty())
    return failure(fmt::format(
        "--history: {} has no times of this run's scenarios on its host ({}); chicane history add adds runs", file,
        fmt::join(hosts, ", ")));
  return lines;
}

// What the page has besides the run: read before anything is written.
struct MoreOfAPage {
  std::optional<Compared> compared;
  std::vector<HistoryLine> lines;
};
Result<Writer> page_with(const Run& run, const ReportOptions& options) {
  auto more = std::make_shared<MoreOfAPage>();
  if (!options.baseline.empty()) {
    auto compared = compared_with(options.baseline, run, options);
    if (!compared) return std::unexpected(std::move(compared.error()));
    more->compared = std::move(*compared);
  }
  if (!options.history.empty()) {
    auto lines = lines_of(options.history, run);
    if (!lines) return std::unexpected(std::move(lines.error()));
    more->lines = std::move(*lines);
  }
  return [more](const Run& shown, const ReportOptions& asked, const TextSink& out) {
    HtmlParts parts;
    if (more->compared) parts.baseline = &more->compared->baseline, parts.compared = &more->compared->times;
    parts.history_file = asked.history;
    parts.history = more->lines;
    out(render_html_with(shown, parts));
  };
}

Result<void> write_to_stdout(const Run& run, const ReportOptions& options, const Writer& writer) {
  bool good = true;
  writer(run, options, [&good](std::string_view part) {
    good = good && std::fwrite(part.data(), 1, part.size(), stdout) == part.size();
  });
  if (!good || std::fflush(stdout) != 0) return failure("writing to standard output failed");
  return {};
}

void show(const std::string& file) {
  const auto started = open_in_browser(file);
  if (started.empty())
    fmt::print(stderr,
               "chicane report: there is no browser here ($BROWSER and xdg-open are not to be found); the page is {}\n",
               file);
  else
    fmt::print(stderr, "chicane report: {} opens {}\n", started, file);
}

Result<int> report(ReportOptions options) {
  if (options.open && options.format != "html") return failure("--open shows a page: leave --format out, or say html");
  if (options.open && (options.output.empty() || options.output == "-"))
    options.output = (std::filesystem::path(options.runs.front()).parent_path() /
                      (options.runs.size() == 1 ? "report.html" : "merged-report.html"))
                         .string();
  auto run = read_runs(options.runs);
  if (!run) return std::unexpected(std::move(run.error()));
  Writer writer = writers().at(options.format);
  if (!options.baseline.empty() || !options.history.empty()) {
    if (options.format != "html")
      return failure("--baseline and --history add parts to the page: leave --format out, or say html");
    auto with = page_with(*run, options);
    if (!with) return std::unexpected(std::move(with.error()));
    writer = std::move(*with);
  }
  Result<void> written;
  if (options.format == "console" && options.output.empty())
    print_summary(*run, stdout);
  else if (options.output.empty() || options.output == "-")
    written = write_to_stdout(*run, options, writer);
  else
    written = write_file_in_parts(options.output, [&](const TextSink& out) { writer(*run, options, out); });
  if (!written) return std::unexpected(std::move(written.error()));
  // Standard output may hold the report; a hosted CI reads both.
  tell_hosted_ci(*run, options.annotations, stderr);
  if (options.open) show(options.output);
  return exit_code::as_declared;
}

}  // namespace

Action add_report(CLI::App& app, const Invocation&) {
  auto options = std::make_shared<ReportOptions>();
  auto& command = *app.add_subcommand("report", "Make a report from run files, without running anything");
  command
      .add_option("run", options->runs,
                  "A run.json; several (lanes of several jobs, shards, hosts, builds) become one report")
      ->required()
      ->type_name("RUN.json");
  std::vector<std::string> formats;
  for (const auto& [format, writer] : writers()) formats.push_back(format);
  command.add_option("--format", options->format, fmt::format("{}", fmt::join(formats, ", ")))
      ->check(CLI::IsMember(formats))
      ->capture_default_str();
  command.add_option("-o,--output", options->output, "File to write (default: standard output)")->type_name("FILE");
  command
      .add_option("--baseline", options->baseline,
                  "html: an older run.json; the page says what is other now, in verdicts, findings and times")
      ->type_name("OLD.json");
  command
      .add_option("--history", options->history,
                  "html: a history's file; the page shows the run's times over its runs, and where they changed")
      ->type_name("FILE");
  command.add_flag("--open", options->open,
                   "Show the page in a browser; without -o it is written beside the first run file");
  options->source_root = source_root_here();
  command
      .add_option("--source-root", options->source_root,
                  "sarif: the tree that files below it are told relative to (default: $GITHUB_WORKSPACE)")
      ->type_name("DIR");
  add_annotations_option(command, options->annotations);
  return [options] { return report(*options); };
}

}  // namespace chicane
