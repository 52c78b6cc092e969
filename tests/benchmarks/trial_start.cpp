// chicane-benchmark-trial-start: what the isolation of a trial costs: spawn, load, one empty turn, result back. The
// reference is the bare cost of a process on this host: the same supervisor running /bin/true.
//   chicane-benchmark-trial-start [--trials N] [--json FILE]
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/statistics/summary.h"
#include "harness/supervisor/process.h"
#include "harness/supervisor/trial_process.h"
#include "tests/benchmarks/figures.h"

namespace chicane {
namespace {

const std::atomic<bool> never{false};

[[noreturn]] void die(const std::string& message) {
  std::cerr << "chicane-benchmark-trial-start: " << message << "\n";
  std::exit(2);
}

template <typename Work>
double milliseconds(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

void one_trial() {
  TrialRequest request;
  request.plugin = std::string(CHICANE_TEST_PLUGINS) + "/empty_plugin.so";
  request.scenario = "empty/empty";
  request.lane = Lane::bench;
  request.turns = 1;
  TrialProcess runner{TrialLimits{}};
  const auto outcome = runner.run(request, CHICANE_RUNNER, never);
  if (outcome.trial.status != TrialStatus::completed) die("the trial did not complete: " + outcome.trial.status_detail);
}

void one_process() {
  ProcessRequest request;
  request.command = {"/bin/true"};
  const auto outcome = run_process(request, never);
  if (!outcome || outcome->exit_code != 0) die("/bin/true failed");
}

}  // namespace
}  // namespace chicane

int main(int argument_count, char** arguments) {
  using namespace chicane;
  int trials = 200;
  std::string json_file;
  for (int i = 1; i < argument_count; i += 2) {
    const std::string option = arguments[i];
    if (i + 1 == argument_count || (option != "--trials" && option != "--json"))
      die("usage: chicane-benchmark-trial-start [--trials N] [--json FILE]");
    if (option == "--trials")
      trials = std::max(6, std::atoi(arguments[i + 1]));
    else
      json_file = arguments[i + 1];
  }
  one_trial();  // the first one reads files from disk
  std::vector<double> trial_ms, process_ms;
  for (int i = 0; i < trials; ++i) {
    trial_ms.push_back(milliseconds(one_trial));
    process_ms.push_back(milliseconds(one_process));
  }
  const auto trial = median_with_interval(trial_ms);
  const auto process = median_with_interval(process_ms);
  Figures figures;
  figures.tell({"trial-start/plain", trial.median, "ms", trial.low, trial.high,
                fmt::format("a process that does nothing: {:.2f} ms; at most 15 ms wanted", process.median)});
  figures.tell({"trial-start/plain-against-process", trial.median / process.median, "ratio", {}, {}, "/bin/true"});
  if (!figures.write(json_file)) die("can't write " + json_file);
}
