// chicane report: makes reports from a run file alone; runs nothing.
#include <map>
#include <memory>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/command.h"
#include "harness/cli/results.h"
#include "harness/model/files.h"
#include "harness/model/json.h"
#include "reports/render.h"

namespace chicane {
namespace {

struct ReportOptions {
  std::string run;
  std::string format = "html";
  std::string output;
};

Result<int> report(const ReportOptions& options) {
  auto text = read_file(options.run);
  if (!text) return std::unexpected(std::move(text.error()));
  auto run = parse_run(*text);
  if (!run) return std::unexpected(std::move(run.error()).within(options.run));
  if (options.format == "console" && options.output.empty()) {
    print_summary(*run, stdout);
    return exit_code::as_declared;
  }
  const auto rendered = options.format == "html"    ? render_html(*run)
                        : options.format == "junit" ? render_junit(*run)
                        : options.format == "json"  ? to_json(*run)
                                                    : render_console(*run, {});
  if (options.output.empty() || options.output == "-") {
    const bool good = std::fwrite(rendered.data(), 1, rendered.size(), stdout) == rendered.size();
    if (!good || std::fflush(stdout) != 0) return failure("writing to standard output failed");
    return exit_code::as_declared;
  }
  if (auto written = write_file(options.output, rendered); !written) return std::unexpected(std::move(written.error()));
  return exit_code::as_declared;
}

}  // namespace

Action add_report(CLI::App& app, const Invocation&) {
  auto options = std::make_shared<ReportOptions>();
  auto& command = *app.add_subcommand("report", "Make a report from a run file, without running anything");
  command.add_option("run", options->run, "A run.json")->required()->type_name("RUN.json");
  command.add_option("--format", options->format, "html, junit, json or console")
      ->check(CLI::IsMember({"html", "junit", "json", "console"}))
      ->capture_default_str();
  command.add_option("-o,--output", options->output, "File to write (default: standard output)")->type_name("FILE");
  return [options] { return report(*options); };
}

}  // namespace chicane
