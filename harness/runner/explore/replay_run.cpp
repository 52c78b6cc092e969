#include "harness/runner/explore/replay_run.h"

#include <algorithm>
#include <memory>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "harness/explore/replay.h"
#include "harness/explore/search/schedule_file.h"
#include "harness/model/files.h"
#include "harness/runner/explore/explored.h"
#include "harness/runner/explore/findings.h"
#include "harness/runner/explore/scenario_subject.h"
#include "harness/runner/explore/started_program.h"
#include "harness/runner/plugin.h"
#include "harness/runner/trial.h"

namespace chicane::explore {
namespace {

constexpr std::chrono::seconds hang{60};

int refuse(const std::string& why, ResultStream& results) {
  RunnerEvent event;
  event.kind = RunnerEvent::Kind::refused;
  event.message = why;
  results.send(event);
  return exit_refused;
}

Result<ScheduleFile> read_schedule(const std::string& path) {
  auto text = read_file(path);
  if (!text) return std::unexpected(std::move(text.error()));
  auto file = parse_schedule(*text);
  if (!file) return std::unexpected(std::move(file.error()).within(path));
  return file;
}

// Where the learned switch points lie in this process; those of modules that are not there are left out.
std::vector<std::uintptr_t> learned_here(const ScheduleFile& file, const CodeMap& code) {
  std::vector<std::uintptr_t> all;
  for (const auto& [module, offset, says] : file.learned)
    if (const auto* here = code.module_named(module)) all.push_back(here->base + offset);
  return all;
}

// A scenario, ready to run: what must live as long as its subject.
struct OpenScenario {
  OpenPlugin plugin;
  Ledger ledger{[](const Finding&, std::uint64_t) {}};
  std::optional<Stage> stage;
  std::unique_ptr<ScenarioSubject> subject;
};

Result<std::unique_ptr<OpenScenario>> open_scenario(const ScheduleFile& file, const std::string& plugin) {
  auto open = std::make_unique<OpenScenario>();
  TrialRequest request;
  request.plugin = plugin.empty() ? file.plugin : plugin;
  request.scenario = file.scenario;
  request.lane = Lane::explore;
  request.parameters = {file.processes ? WorkerKind::process : WorkerKind::thread, file.workers, file.args};
  request.seed = file.seed;
  auto loaded = open_plugin(request.plugin, runner_build(), {});
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  open->plugin = std::move(*loaded);
  const auto scenario = std::ranges::find_if(
      open->plugin.scenarios, [&](const RunnableScenario& each) { return each.scenario.id == file.scenario; });
  if (scenario == open->plugin.scenarios.end())
    return failure(fmt::format("{} has no scenario '{}'", request.plugin, file.scenario));
  auto stage = Stage::build(*scenario, request, WorkerKind::thread, open->ledger);
  if (!stage) return std::unexpected(std::move(stage.error()));
  open->stage.emplace(std::move(*stage));
  open->subject = std::make_unique<ScenarioSubject>(*open->stage, file.turns, file.seed);
  return open;
}

std::string build_of(const ScheduleFile& file, const std::string& plugin, const CodeMap& code) {
  if (!file.program.empty()) return code.modules().empty() ? "" : code.modules().front().build_id;
  const auto& path = plugin.empty() ? file.plugin : plugin;
  const auto* module = code.module_named(path.substr(path.rfind('/') + 1));
  return module == nullptr ? "" : module->build_id;
}

// What the replay came to, held against the file.
ReplayReport report_on(const ScheduleFile& file, const Replayed& replayed, const std::vector<Finding>& findings,
                       std::uint64_t digest, const std::string& build_id) {
  ReplayReport report;
  report.build_changed = !file.build_id.empty() && build_id != file.build_id;
  report.finding_shown = std::ranges::any_of(findings, [&](const Finding& finding) {
    return name(finding.kind) == file.kind && (file.fingerprint.empty() || finding.fingerprint == file.fingerprint);
  });
  report.steps = replayed.trace.size();
  if (replayed.outcome.divergence) {
    const auto& divergence = *replayed.outcome.divergence;
    report.diverged = fmt::format("at choice {} of {}, step {}: {}", divergence.decision, file.decisions.size(),
                                  divergence.step, divergence.message);
  } else if (replayed.recording.decisions.size() < file.decisions.size()) {
    report.diverged = fmt::format("it ended after {} of {} choices, at step {}", replayed.recording.decisions.size(),
                                  file.decisions.size(), replayed.trace.size());
  } else if (file.trace != 0 && digest != file.trace) {
    report.diverged = file.steps != replayed.trace.size()
                          ? fmt::format("every choice fitted, but it took {} steps, and {} when it was recorded",
                                        replayed.trace.size(), file.steps)
                          : std::string("every choice fitted, but some step was another, or saw another value");
  }
  return report;
}

}  // namespace

int replay_file(const std::string& path, const std::string& plugin, ResultStream& results) {
  const auto file = read_schedule(path);
  if (!file) return refuse(file.error().message, results);
  Replayed replayed;
  CodeMap code;
  std::unique_ptr<CodeNames> names;
  std::unique_ptr<OpenScenario> open;
  std::optional<StartedProgram> program;
  if (file->program.empty()) {
    auto opened = open_scenario(*file, plugin);
    if (!opened) return refuse(opened.error().message, results);
    open = std::move(*opened);
    code = CodeMap::of_this_process();
    names = std::make_unique<CodeNames>(getpid(), scenario_memory(*open->stage, open->subject->own_memory()));
    Replay replay(file->decisions);
    replayed = replay_in_child(*open->subject, replay, 0, file->options, learned_here(*file, code), true, hang);
  } else {
    auto started = StartedProgram::start(file->program);
    if (!started) return refuse(started.error().message, results);
    program.emplace(std::move(*started));
    code = program->code();
    names = std::make_unique<CodeNames>(program->process());
    const ProgramReplay wanted{file->decisions, learned_here(*file, code), file->options, 0, false};
    if (program->send(ProgramMessage::replay, wire::encoded(wanted)))
      if (const auto answer = program->receive(); answer) wire::decode(answer->bytes, replayed);
  }
  if (!replayed.ended)
    return refuse(fmt::format("{}: the schedule did not get to its end: {}", path,
                              replayed.why.empty() ? "its process is gone" : replayed.why),
                  results);

  Naming naming{*names, code, nullptr, *file};
  if (open) naming.thread = [&](ThreadId id) { return worker_name(*open->stage, id); };
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < replayed.outcome.findings.size(); ++i) {
    findings.push_back(
        finding_of(with_whole_stacks(replayed.outcome.findings[i], replayed.trace), replayed.outcome, naming));
    findings.back().evidence.picture =
        picture_of(replayed.trace, replayed.recording.decisions, replayed.outcome, i, *names);
    findings.back().evidence.output_tail = replayed.output_tail;
    RunnerEvent event;
    event.kind = RunnerEvent::Kind::finding;
    event.finding = findings.back();
    results.send(event);
  }
  const auto digest = trace_digest(replayed.trace, [&](std::uintptr_t pc) { return code.place(pc); });
  RunnerEvent event;
  event.kind = RunnerEvent::Kind::replayed;
  event.replay = report_on(*file, replayed, findings, digest, build_of(*file, plugin, code));
  results.send(event);
  return 0;
}

int replay_here(const std::string& path, const std::string& plugin, char** arguments) {
  const auto wrong = [](const std::string& what) {
    fmt::print(stderr, "chicane-runner: {}\n", what);
    return 2;
  };
  const auto file = read_schedule(path);
  if (!file) return wrong(file.error().message);
  if (!file->program.empty()) return wrong("a program is debugged by itself: `chicane replay --gdb` starts it so");
  fix_addresses(arguments);
  auto opened = open_scenario(*file, plugin);
  if (!opened) return wrong(opened.error().message);
  auto options = file->options;
  options.backend = Backend::futex;  // real threads, which a debugger knows
  SharedLocations learned;
  for (const auto pc : learned_here(*file, CodeMap::of_this_process())) learned.add(pc);
  Replay replay(file->decisions);
  Recording recording;
  (*opened)->subject->run(replay, 0, options, learned, recording, [](const Outcome& outcome, const Recording&) {
    for (const auto& finding : outcome.findings) fmt::print(stderr, "{}: {}\n", name(finding.kind), finding.message);
  });
  if (replay.divergence()) fmt::print(stderr, "the replay diverged: {}\n", replay.divergence()->message);
  return 0;
}

}  // namespace chicane::explore
