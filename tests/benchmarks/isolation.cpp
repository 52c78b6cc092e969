// chicane-benchmark-isolation: what it costs that every trial is a process, in time and in the driver's memory.
//   chicane-benchmark-isolation [--trials N] [--run-of N] [--json FILE]
// Time: N trials (1,000) of an empty scenario, as a lane that uses all cores runs them. Memory: the whole driver's path
// (campaign, record, journal, judge, reports) over a run of N trials (100,000) that a fake runner answers at once; the
// peak of a process of its own that does nothing else.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/wait.h>

#include "harness/cli/results.h"
#include "harness/judge/judge.h"
#include "harness/model/trial_of.h"
#include "harness/statistics/summary.h"
#include "harness/supervisor/campaign.h"
#include "harness/supervisor/host.h"
#include "harness/supervisor/journal.h"
#include "harness/supervisor/trial_process.h"
#include "tests/benchmarks/figures.h"

namespace chicane {
namespace {

namespace fs = std::filesystem;

const std::atomic<bool> never{false};
constexpr std::uint32_t at_once = 2;
constexpr std::uint32_t plans_of_a_run = 500;  // scenarios × lanes × parameters, about what the catalogue has
constexpr std::uint32_t kinds_of_finding = 40;

[[noreturn]] void die(const std::string& message) {
  std::cerr << "chicane-benchmark-isolation: " << message << "\n";
  std::exit(2);
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double time_of(std::uint32_t trials) {
  Campaign campaign;
  Plan plan;
  plan.id = "p0";
  plan.request.plugin = std::string(CHICANE_TEST_PLUGINS) + "/empty_plugin.so";
  plan.request.scenario = "empty/empty";
  plan.request.lane = Lane::tsan;  // planned as that lane's trials are: as many at once as there are cores
  plan.repetitions = trials;
  campaign.plans = {plan};
  // … but run as timed ones of one turn, which is all that the plain runner has.
  class AsBench final : public TrialRunner {
   public:
    TrialOutcome run(const TrialRequest& request, const std::string&, const std::atomic<bool>& stop) override {
      auto timed = request;
      timed.lane = Lane::bench;
      timed.turns = 1;
      timed.placement = Placement::free;
      auto outcome = process_.run(timed, CHICANE_RUNNER, stop);
      if (outcome.trial.status != TrialStatus::completed)
        die("a trial did not complete: " + outcome.trial.status_detail);
      outcome.trial.lane = request.lane;
      return outcome;
    }

   private:
    TrialProcess process_{{.resources = default_limits()}};
  } runner;
  Run run;
  const auto start = std::chrono::steady_clock::now();
  run_campaign(campaign, runner, at_once, run, {}, never);
  const auto seconds = seconds_since(start);
  if (run.trials.size() != trials) die(fmt::format("{} trials were run", run.trials.size()));
  return seconds;
}

// Answers as the bench lane does, with all its measures. Of a run of the stock catalogue (567 trials), a fifth showed a
// finding, 38 % had arguments, and none wrote anything; here a tenth does.
class FakeRunner final : public TrialRunner {
 public:
  TrialOutcome run(const TrialRequest& request, const std::string&, const std::atomic<bool>&) override {
    TrialOutcome outcome;
    auto& trial = outcome.trial;
    trial = trial_of(request);
    trial.status = TrialStatus::completed;
    trial.turns = request.turns == 0 ? 100'000 : request.turns;
    trial.duration_ns = 10'000'000;
    for (std::uint32_t i = 0; i < request.parameters.workers; ++i)
      trial.workers.push_back({i, 0, trial.turns, 1234, 9'876'543, 0, 1, 2});
    double value = static_cast<double>(request.seed % 1000) + 0.123456789;
    for (const auto* name :
         {"operations", "peak_resident_bytes", "region_ns", "wall_ns_per_operation", "worker_wall_ns_per_operation",
          "operations_per_second", "cpu_ns_per_operation", "voluntary_switches", "involuntary_switches", "minor_faults",
          "major_faults", "items_per_second", "google_benchmark_real_ns"})
      trial.measures[name] = value *= 1.7;
    if (request.seed % 10 == 1) trial.output = {"a line of output that the scenario wrote\n", "", 41, 0};
    if (request.seed % 5 == 0) {
      Finding finding;
      finding.kind = FindingKind::data_race;
      finding.fingerprint = fmt::format("{:016x}", request.seed % kinds_of_finding);
      finding.evidence.message = "two workers access 'total' and one of them writes";
      const Stack stack(12, Frame{"some_namespace::SomeState::some_function(chicane::Worker&)", "some/file.cpp", 17, 5,
                                  "some_plugin.so"});
      finding.evidence.accesses = {{0, true, false, 8, {}, stack}, {1, false, false, 8, {}, stack}};
      outcome.findings.push_back({std::move(finding), 3});
    }
    return outcome;
  }
};

std::uint64_t peak_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6)) * 1024;
  die("this host does not tell a process's peak of resident memory");
}

Campaign many_plans(std::uint32_t trials, Run& run) {
  Campaign campaign;
  for (std::uint32_t i = 0; i < plans_of_a_run; ++i) {
    Scenario scenario;
    scenario.id = fmt::format("some-family/case-{}", i / 10);
    scenario.says = "workers do something together";
    if (i % 10 == 0) campaign.scenarios.push_back(scenario);
    Plan plan;
    plan.id = fmt::format("p{}", i);
    plan.request.scenario = scenario.id;
    plan.request.lane = i % 2 == 0 ? Lane::bench : Lane::tsan;
    plan.request.parameters.workers = 2;
    if (i % 10 < 4) plan.request.parameters.args = {{"tasks", i % 10}};
    plan.build = "b0";
    plan.repetitions = trials / plans_of_a_run - (i % 2 == 0 ? 1 : 0);  // a calibration is a trial, too
    campaign.plans.push_back(plan);
  }
  BuildFact build;
  build.id = "b0";
  build.plugin = "some_plugin";
  campaign.builds = {build};
  run.id = "benchmark";
  run.seed = 1;
  run.hosts = {read_host()};
  run.builds = campaign.builds;
  run.scenarios = campaign.scenarios;
  run.lanes = {Lane::bench, Lane::tsan};
  return campaign;
}

// In a process of its own: the driver's whole path but for the processes. Says its peak on `out`.
void be_driver(std::uint32_t trials, const std::string& folder, int out) {
  Run run;
  const auto campaign = many_plans(trials, run);
  auto journal = Journal::create(folder, JournalHeader{});
  if (!journal) die(journal.error().message);
  FakeRunner runner;
  Result<void> journaled;
  run_campaign(
      campaign, runner, at_once, run,
      [&](const TrialEnded& ended) {
        if (journaled) journaled = journal->add(ended.trial, run.findings);
      },
      never);
  if (!journaled) die(journaled.error().message);
  if (run.trials.size() != trials) die(fmt::format("{} trials were recorded", run.trials.size()));
  run.verdicts = judge(run);
  run.summaries = summarize(run);
  const auto before_reports = peak_bytes();
  if (auto written = write_results(run, folder); !written) die(written.error().message);
  const std::uint64_t peaks[] = {before_reports, peak_bytes()};
  if (write(out, peaks, sizeof peaks) != sizeof peaks) die("the pipe is closed");
}

struct Peaks {
  double running_mb = 0, whole_mb = 0, seconds = 0;
};
Peaks memory_of(std::uint32_t trials, const char* self) {
  auto folder = (fs::temp_directory_path() / "chicane-isolation-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) die("no folder for the run can be made");
  int ends[2];
  if (pipe(ends) != 0) die("no pipe");
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {  // a fresh process: nothing of this one's memory counts
    dup2(ends[1], 3);
    execl(self, self, "--driver", std::to_string(trials).c_str(), "--folder", folder.c_str(), nullptr);
    _exit(127);
  }
  close(ends[1]);
  std::uint64_t peaks[2]{};
  const bool told = read(ends[0], peaks, sizeof peaks) == sizeof peaks;
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  if (!told || status != 0) die("the process that plays the driver failed");
  return {static_cast<double>(peaks[0]) * 1e-6, static_cast<double>(peaks[1]) * 1e-6, seconds_since(start)};
}

}  // namespace
}  // namespace chicane

int main(int argument_count, char** arguments) {
  using namespace chicane;
  std::uint32_t trials = 1000, run_of = 100'000, driver = 0;
  std::string json_file, folder;
  for (int i = 1; i < argument_count; i += 2) {
    const std::string option = arguments[i];
    const std::string value = i + 1 < argument_count ? arguments[i + 1] : "";
    const auto number = static_cast<std::uint32_t>(std::strtoul(value.c_str(), nullptr, 10));
    if (option == "--trials" && number > 0)
      trials = number;
    else if (option == "--run-of" && number >= 2 * plans_of_a_run)
      run_of = number / plans_of_a_run * plans_of_a_run;
    else if (option == "--driver" && number > 0)
      driver = number;
    else if (option == "--folder" && !value.empty())
      folder = value;
    else if (option == "--json" && !value.empty())
      json_file = value;
    else
      die("usage: chicane-benchmark-isolation [--trials N] [--run-of N (1000 or more)] [--json FILE]");
  }
  if (driver != 0) {
    be_driver(driver, folder, 3);
    return 0;
  }
  Figures figures;
  const auto seconds = time_of(trials);
  figures.tell({"isolation/trials",
                seconds,
                "s",
                {},
                {},
                fmt::format("{} trials, {} at once; 20 s for 1000 wanted", trials, at_once)});
  figures.tell({"isolation/one-trial", seconds / trials * 1e3, "ms", {}, {}, "of the host's time; 20 ms wanted"});
  const auto memory = memory_of(run_of, "/proc/self/exe");
  figures.tell({"isolation/driver-memory",
                memory.whole_mb,
                "MB",
                {},
                {},
                fmt::format("peak of a run of {} trials with its reports; less than 100 MB wanted", run_of)});
  figures.tell(
      {"isolation/driver-memory-while-running", memory.running_mb, "MB", {}, {}, "before its reports are written"});
  figures.tell(
      {"isolation/driver-own-time", memory.seconds / run_of * 1e6, "us", {}, {}, "a trial, with journal and reports"});
  if (!figures.write(json_file)) die("can't write " + json_file);
}
