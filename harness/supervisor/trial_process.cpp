#include "harness/supervisor/trial_process.h"

#include <algorithm>
#include <string.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "harness/judge/fingerprint.h"
#include "harness/model/trial_of.h"
#include "harness/supervisor/misplaced.h"
#include "harness/supervisor/stuck/watch.h"
#include "harness/supervisor/tree.h"

namespace chicane {
namespace {

// What the environment could change in a trial unseen: a user's sanitizer options could silence a lane, and Google
// Benchmark takes every flag from a BENCHMARK_… variable too.
const std::vector<std::string> variables_unset{"TSAN_OPTIONS", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS",
                                               "BENCHMARK_*"};

std::string signal_name(int signal) {
  const char* abbreviation = sigabbrev_np(signal);
  return abbreviation != nullptr ? fmt::format("SIG{}", abbreviation) : fmt::format("signal {}", signal);
}

// Long output is evidence only by its end.
std::string last_bytes(const std::string& text, std::size_t bound = 4096) {
  return text.size() <= bound ? text : text.substr(text.size() - bound);
}

class Interpreter {
 public:
  Interpreter(const TrialRequest& request, const ProcessOutcome& process, const TrialLimits& limits,
              std::optional<Finding> stuck)
      : process_(process), limits_(limits), stuck_(std::move(stuck)) {
    auto& trial = result_.trial;
    trial = trial_of(request);
    trial.turns = request.turns;
    trial.duration_ns = process.duration.count();
    trial.output = {process.stdout_tail, process.stderr_tail, process.stdout_bytes, process.stderr_bytes};
  }

  void read(const RunnerLine& line) {
    if (!line.whole) {
      garbage(line.text, "it ends without a newline");
      return;
    }
    auto event = parse_runner_event(line.text);
    if (!event) {
      garbage(line.text, event.error().message);
      return;
    }
    switch (event->kind) {
      case RunnerEvent::Kind::started: started_ = true; break;
      case RunnerEvent::Kind::finding: add(std::move(event->finding), std::max<std::uint64_t>(event->count, 1)); break;
      case RunnerEvent::Kind::result: take_result(std::move(event->trial)); break;
      case RunnerEvent::Kind::finished: finished_ = true; break;
      case RunnerEvent::Kind::refused: refused_ = event->message; break;
      case RunnerEvent::Kind::ended_by_detector:
        // Only after a finding: else the end would go unexplained.
        if (!result_.findings.empty()) ended_by_detector_ = event->message;
        break;
      case RunnerEvent::Kind::replayed: garbage(line.text, "a replay, but a trial was asked for"); break;
      case RunnerEvent::Kind::description: garbage(line.text, "a description, but a trial was asked for"); break;
    }
  }

  TrialOutcome take() {
    end();
    return std::move(result_);
  }

 private:
  void add(Finding finding, std::uint64_t count) {
    finding.fingerprint = fingerprint(finding);
    for (auto& seen : result_.findings)
      if (seen.finding.kind == finding.kind && seen.finding.fingerprint == finding.fingerprint) {
        seen.count += count;
        return;
      }
    result_.findings.push_back({std::move(finding), count});
  }

  void garbage(const std::string& line, const std::string& why) {
    Finding finding;
    finding.kind = FindingKind::protocol_broken;
    finding.name = "result descriptor";
    finding.evidence.message =
        fmt::format("the result descriptor has a line that no runner writes ({}): {}", why, last_bytes(line, 200));
    add(std::move(finding), 1);
  }

  void take_result(Trial measured) {
    auto& trial = result_.trial;
    trial.turns = measured.turns;
    trial.calibration = measured.calibration;
    trial.not_counted = std::move(measured.not_counted);
    trial.judged_as = std::move(measured.judged_as);
    trial.searched = std::move(measured.searched);
    trial.workers = std::move(measured.workers);
    trial.measures = std::move(measured.measures);
    trial.counters = std::move(measured.counters);
    trial.outcomes = std::move(measured.outcomes);
    trial.not_looked_for = std::move(measured.not_looked_for);
    has_result_ = true;
  }

  void end() {
    judge_end();
    if (process_.result_flood) garbage("", "more was written to it than any runner writes, and the rest was dropped");
    if (process_.limit_hit && !process_.stopped) limit_exceeded(*process_.limit_hit);
  }

  // What the watch saw; without it (the process was already gone, say) only that it did not end.
  void add_stuck() {
    Finding finding = stuck_.value_or(Finding{});
    if (!stuck_) finding.kind = FindingKind::hang;
    auto& message = finding.evidence.message;
    if (!process_.stuck) {
      message = "the trial " + result_.trial.status_detail + (message.empty() ? "" : "; ") + message;
      finding.evidence.limit = "wall_time";
    }
    finding.evidence.output_tail = last_bytes(process_.stderr_tail);
    add(std::move(finding), 1);
  }

  void limit_exceeded(const LimitHit& hit) {
    Finding finding;
    finding.kind = FindingKind::limit_exceeded;
    finding.name = name(hit.resource);
    finding.evidence.message = "the trial " + in_words(hit);
    finding.evidence.limit = name(hit.resource);
    finding.evidence.limit_value = hit.limit;
    finding.evidence.limit_reached = hit.reached;
    finding.evidence.output_tail = last_bytes(process_.stderr_tail);
    add(std::move(finding), 1);
  }

  std::string limit_in_words() const {
    auto words = fmt::format("its limit of {} s", std::chrono::duration<double>(limits_.wall).count());
    if (const auto times = process_.wall_limit / std::max(limits_.wall, std::chrono::nanoseconds(1)); times > 1)
      words = fmt::format("{} times {}, which it was given because its workers got on", times, words);
    return words;
  }

  void judge_end() {
    auto& trial = result_.trial;
    if (!refused_.empty()) {
      trial.status = TrialStatus::not_run;
      trial.status_detail = refused_;
    } else if (process_.stopped) {
      trial.status = TrialStatus::stopped;
      trial.status_detail = "stopped by the user";
    } else if (process_.limit_hit && process_.limit_hit->ended) {
      trial.status = TrialStatus::over_limit;
      trial.status_detail = in_words(*process_.limit_hit);
    } else if (process_.timed_out || process_.stuck) {
      trial.status = TrialStatus::timed_out;
      trial.status_detail = process_.stuck ? fmt::format("ended after {:.1f} s, because it would never have ended",
                                                         std::chrono::duration<double>(process_.duration).count())
                                           : "did not end within " + limit_in_words();
      add_stuck();
    } else if (process_.signal) {
      trial.status = TrialStatus::crashed;
      trial.status_detail = fmt::format("ended by {} ({})", signal_name(*process_.signal), strsignal(*process_.signal));
      Finding finding;
      finding.kind = FindingKind::crash;
      finding.name = signal_name(*process_.signal);
      finding.evidence.message =
          fmt::format("the process was {}{}", trial.status_detail,
                      started_ ? "" : ", before the trial started (while the plugin was loaded)");
      finding.evidence.signal = process_.signal;
      finding.evidence.output_tail = last_bytes(process_.stderr_tail);
      add(std::move(finding), 1);
    } else if (!finished_ || !has_result_ || process_.exit_code != 0) {
      trial.status = TrialStatus::exited_early;
      if (!ended_by_detector_.empty()) {  // its finding is the one to tell
        trial.status_detail = ended_by_detector_;
        return;
      }
      trial.status_detail = fmt::format("exited with {} {}", process_.exit_code.value_or(-1),
                                        finished_ ? "after its result" : "before the end of the trial");
      Finding finding;
      finding.kind = FindingKind::early_exit;
      finding.evidence.message = "the process " + trial.status_detail;
      finding.evidence.exit_code = process_.exit_code;
      finding.evidence.output_tail = last_bytes(process_.stderr_tail);
      add(std::move(finding), 1);
    } else {
      trial.status = TrialStatus::completed;
    }
  }

  const ProcessOutcome& process_;
  const TrialLimits& limits_;
  std::optional<Finding> stuck_;
  TrialOutcome result_;
  bool started_ = false, has_result_ = false, finished_ = false;
  std::string refused_, ended_by_detector_;
};

ProcessRequest runner_request(const std::string& runner, std::vector<std::string> arguments) {
  ProcessRequest request;
  request.command = {runner};
  request.keeper = keeper_beside(runner);
  request.command.insert(request.command.end(), arguments.begin(), arguments.end());
  request.set_environment = {{"CHICANE_RESULT_FD", "3"}, {"CHICANE_DRIVER_PID", std::to_string(getpid())}};
  request.unset_environment = variables_unset;
  return request;
}

}  // namespace

TrialOutcome interpret(const TrialRequest& request, const std::vector<RunnerLine>& lines, const ProcessOutcome& outcome,
                       const TrialLimits& limits, std::optional<Finding> stuck) {
  Interpreter interpreter(request, outcome, limits, std::move(stuck));
  for (const auto& line : lines) interpreter.read(line);
  return interpreter.take();
}

TrialOutcome TrialProcess::run(const TrialRequest& request, const std::string& runner, const std::atomic<bool>& stop) {
  std::vector<RunnerLine> lines;
  auto limited = request;
  auto limits = limits_;
  if (request.wall_limit_ns != 0) limits.wall = std::chrono::nanoseconds(request.wall_limit_ns);  // the scenario's own
  limited.wall_limit_ns = static_cast<std::uint64_t>(limits.wall.count());
  auto process = runner_request(runner, {"trial", to_json(limited)});
  process.wall_limit = limits.wall;
  if (limited.duet.padding != 0) process.set_environment["CHICANE_PADDING"] = std::string(limited.duet.padding, 'x');
  stuck::Watch watch;
  if (request.lane == Lane::explore) watch.is_controlled();
  process.observer = &watch;
  process.output_bound_bytes = limits_.kept_output_bytes;
  process.limits = limits_.resources;
  process.on_result_line = [&](std::string_view text, bool whole) {
    lines.push_back({std::string(text), whole});
    if (lines.size() > 1) return;  // a runner's first line says that it has started, and where to look
    if (const auto event = parse_runner_event(text); event && event->kind == RunnerEvent::Kind::started)
      watch.board_is_at(event->wait_board);
  };
  auto outcome = run_placed(process, stop);
  if (!outcome) {
    TrialOutcome failed;
    failed.trial.scenario = request.scenario;
    failed.trial.lane = request.lane;
    failed.trial.parameters = request.parameters;
    failed.trial.status = TrialStatus::not_run;
    failed.trial.status_detail = outcome.error().message;
    return failed;
  }
  return interpret(request, lines, *outcome, limits, watch.take_finding());
}

TrialOutcome ClockedRunner::run(const TrialRequest& request, const std::string& runner, const std::atomic<bool>& stop) {
  {
    const std::scoped_lock lock(mutex_);
    if (running_++ == 0) since_ = std::chrono::steady_clock::now();
  }
  auto outcome = runner_.run(request, runner, stop);
  const std::scoped_lock lock(mutex_);
  if (--running_ == 0) busy_ += std::chrono::steady_clock::now() - since_;
  return outcome;
}

std::chrono::nanoseconds ClockedRunner::busy() const {
  const std::scoped_lock lock(mutex_);
  return busy_;
}

Result<PluginDescription> describe_plugin(const std::string& runner, const std::string& plugin,
                                          const std::vector<std::string>& allow_uninstrumented,
                                          const std::atomic<bool>& stop) {
  std::vector<std::string> arguments{"describe", plugin};
  for (const auto& library : allow_uninstrumented) arguments.push_back("--allow-uninstrumented=" + library);
  auto request = runner_request(runner, std::move(arguments));
  std::optional<Result<PluginDescription>> description;
  request.on_result_line = [&](std::string_view text, bool) {
    auto event = parse_runner_event(text);
    if (!event) return;
    if (event->kind == RunnerEvent::Kind::description) description = std::move(event->description);
    if (event->kind == RunnerEvent::Kind::refused) description = failure(event->message);
  };
  auto outcome = run_placed(request, stop);
  if (!outcome) return std::unexpected(std::move(outcome.error()));
  if (description) return std::move(*description);
  const std::string end = outcome->timed_out ? "it hung"
                          : outcome->signal  ? "it was ended by " + signal_name(*outcome->signal)
                                             : fmt::format("it exited with {}", outcome->exit_code.value_or(-1));
  const auto tail = last_bytes(outcome->stderr_tail, 1000);
  return failure(fmt::format("{}: loading the plugin to list its scenarios failed: {}{}{}", plugin, end,
                             tail.empty() ? "" : "; its last output: ", tail));
}

}  // namespace chicane
