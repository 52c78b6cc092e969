// chicane replay: runs the schedule of a file again, exactly, and says where it could not.
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "harness/cli/command.h"
#include "harness/cli/load.h"
#include "harness/cli/results.h"
#include "harness/explore/search/schedule_file.h"
#include "harness/model/files.h"
#include "harness/model/json.h"
#include "harness/supervisor/process.h"
#include "harness/supervisor/sources.h"
#include "reports/picture.h"

namespace chicane {
namespace {

struct ReplayCall {
  std::string file;
  std::string plugin;
  std::vector<std::string> trees;
  bool gdb = false;
  bool quiet = false;
};

// Becomes gdb, whose own switching-off of address randomisation holds for what it starts.
Result<int> debug(const ReplayCall& call, const explore::ScheduleFile& schedule, const Tree& tree) {
  std::vector<std::string> words{"gdb",   "-q", "-iex", "set auto-load safe-path /", "-ex", "set breakpoint pending on",
                                 "--args"};
  if (schedule.program.empty()) {
    words.insert(words.end(), {tree.runner.string(), "replay", call.file, "--here"});
    if (!call.plugin.empty()) words.push_back("--plugin=" + call.plugin);
  } else {
    words.insert(words.end(), schedule.program.begin(), schedule.program.end());
    setenv(explore::program_replay_variable, std::filesystem::absolute(call.file).c_str(), 1);
  }
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  fmt::print(stderr,
             "chicane replay: break where you like, then `run`; the threads take their steps in the same order\n");
  execvp("gdb", arguments.data());
  return failure("gdb can't be started; install it (Debian: gdb)");
}

void show(const Finding& finding, const Tree& tree) {
  const auto sources = collect_sources({finding}, {tree.source.string(), "."});
  fmt::print("{}: {}\n", name(finding.kind), finding.evidence.message);
  const auto text = render_picture(finding, sources, picture_width());
  if (!text.empty()) fmt::print("\n{}\n", text);
}

Result<int> replay(const ReplayCall& call, const Invocation& invocation) {
  auto text = read_file(call.file);
  if (!text) return std::unexpected(std::move(text.error()));
  const auto schedule = explore::parse_schedule(*text);
  if (!schedule) return failure(fmt::format("{}: {}", call.file, schedule.error().message));
  const auto trees = load_trees({call.trees, {}, {}}, invocation.executable);
  if (!trees) return std::unexpected(trees.error());
  const auto tree = explore_tree(*trees);
  if (!tree) return std::unexpected(tree.error());
  if (call.gdb) return debug(call, *schedule, *tree);

  ProcessRequest request;
  request.command = {tree->runner.string(), "replay", std::filesystem::absolute(call.file).string()};
  if (!call.plugin.empty()) request.command.push_back("--plugin=" + std::filesystem::absolute(call.plugin).string());
  request.keeper = keeper_beside(tree->runner);
  request.set_environment = {{"CHICANE_RESULT_FD", "3"}, {"CHICANE_DRIVER_PID", std::to_string(getpid())}};
  request.wall_limit = std::chrono::minutes(5);
  std::vector<Finding> findings;
  std::optional<ReplayReport> report;
  std::string refused;
  request.on_result_line = [&](std::string_view line, bool) {
    auto event = parse_runner_event(line);
    if (!event) return;
    if (event->kind == RunnerEvent::Kind::finding) findings.push_back(std::move(event->finding));
    if (event->kind == RunnerEvent::Kind::replayed) report = event->replay;
    if (event->kind == RunnerEvent::Kind::refused) refused = event->message;
  };
  const std::atomic<bool> stop{false};
  const auto outcome = run_process(request, stop);
  if (!outcome) return std::unexpected(outcome.error());
  if (!refused.empty()) return failure(refused);
  if (!report)
    return failure(fmt::format("the runner ended without an answer; its last words: {}", outcome->stderr_tail));

  if (report->build_changed)
    fmt::print("The {} is not the one that this schedule was recorded with (another build id).\n",
               schedule->program.empty() ? "plugin" : "program");
  for (const auto& finding : findings)
    if (!call.quiet || name(finding.kind) == schedule->kind) show(finding, *tree);
  if (!report->diverged.empty())
    fmt::print("The replay diverged: {}.\n", report->diverged);
  else
    fmt::print("Replayed exactly: {} steps, {}.\n", report->steps,
               report->finding_shown ? "and the same finding" : "but without the finding");
  if (!report->diverged.empty() && report->finding_shown) fmt::print("The finding showed all the same.\n");
  return report->diverged.empty() && report->finding_shown ? exit_code::wrong : exit_code::inconclusive;
}

}  // namespace

Action add_replay(CLI::App& app, const Invocation& invocation) {
  auto call = std::make_shared<ReplayCall>();
  auto& command = *app.add_subcommand("replay", "Run the schedule of a file again, exactly");
  command.add_option("file", call->file, "A schedule that `chicane explore` or `chicane run` has left")
      ->required()
      ->type_name("FILE.schedule");
  command.add_flag("--gdb", call->gdb, "Under gdb, with real threads that take their steps in the same order");
  command.add_option("--plugin", call->plugin, "Plugin to use instead of the one that the file names")
      ->type_name("FILE");
  command.add_option("--tree", call->trees, "Build tree whose runner to use (default: beside this one)")
      ->type_name("DIR");
  command.add_flag("--quiet", call->quiet, "Only the file's own finding");
  command.footer("Exit status: 4 the same steps and the same finding; 3 it diverged; 2 it could not be run.");
  return [call, &invocation] { return replay(*call, invocation); };
}

}  // namespace chicane
