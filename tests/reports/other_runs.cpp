// Runs beside the sample run: of the explore lane, of two hosts, of one family, and a very large one.
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "tests/reports/sample_run.h"

namespace chicane::sample {
namespace {

PictureStep step(std::uint32_t thread, std::string does, std::string reads, std::string writes, std::uint32_t line) {
  PictureStep made;
  made.thread = thread;
  made.does = std::move(does);
  made.object = "total";
  made.reads = std::move(reads);
  made.writes = std::move(writes);
  made.stack = {
      {"UnlockedCounter::work(chicane::v1::Worker&)", "scenarios/counter/unlocked.cpp", line, 31, "counter.so"}};
  return made;
}

Picture lost_update() {
  Picture picture;
  picture.threads = {1, 2};
  picture.steps = {step(1, "reads", "0", "", 14), step(2, "reads", "0", "", 14), step(2, "writes", "", "1", 14),
                   step(1, "writes", "", "1", 14)};
  picture.steps[1].switched = picture.steps[1].matters = true;
  picture.steps[1].note = "sees no other's write";
  picture.steps[2].holds = {"M1"};
  picture.steps[3].switched = true;
  picture.steps[3].waits_for = "M2";
  picture.steps[3].left_out = 5;
  return picture;
}

// The measures that a trial of each lane has in a real run.
void measure(Trial& trial, std::uint32_t seed) {
  constexpr std::array bench{"wall_ns_per_operation",
                             "worker_wall_ns_per_operation",
                             "google_benchmark_real_ns",
                             "operations_per_second",
                             "cpu_ns_per_operation",
                             "voluntary_switches",
                             "involuntary_switches",
                             "minor_faults",
                             "major_faults",
                             "peak_resident_bytes",
                             "region_ns",
                             "operations",
                             "fairness_jain",
                             "rate_max_over_min",
                             "resident_growth_bytes_per_worker"};
  constexpr std::array other{"operations", "region_ns", "passes", "peak_resident_bytes", "minor_faults"};
  trial.measures.clear();
  const auto add = [&](const auto& names) {
    std::map<std::string, double> values;
    for (std::size_t i = 0; i < names.size(); ++i) values[names[i]] = 1.25 * static_cast<double>(seed % 997 + i + 1);
    trial.measures = values;
  };
  trial.lane == Lane::bench ? add(bench) : add(other);
}

}  // namespace

Run run_with_claims() {
  Run run = of_family(sample_run(Trouble::none), "waiting");
  run.claims = {{"halves",
                 "C++",
                 "two threads halve it",
                 "one over two",
                 "×",
                 1.957,
                 1.9,
                 2.013,
                 "at least 1.8",
                 ClaimGrade::holds,
                 "",
                 {"a/b", "a/c"}},
                {"halves",
                 "CPython",
                 "two threads halve it",
                 "one over two",
                 "×",
                 1.79,
                 1.5,
                 2.1,
                 "at least 1.8",
                 ClaimGrade::inconclusive,
                 "",
                 {"p/b", "p/c"}},
                {"loses",
                 "CPython",
                 "it loses updates",
                 "processes that did",
                 "%",
                 {},
                 {},
                 {},
                 "above 0",
                 ClaimGrade::not_measured,
                 "p/d was not run",
                 {"p/d"}}};
  run.choices = {{"C++", "waiting", "sequential", "a/b", 1, 1, 1, {}, false, "", 16e6},
                 {"C++", "waiting", "threads", "a/c", 0.511, 0.497, 0.526, {}, true, "", 8.2e6},
                 {"C++", "waiting", "coroutines", "", {}, {}, {}, {}, false, "none does it so", {}},
                 {"C++", "memory", "threads", "a/m", {}, {}, {}, 8192, false, "", {}},
                 {"C++", "start", "threads", "a/s", {}, {}, {}, {}, false, "", 9900}};
  return run;
}

Run explored_run() {
  Run run = of_family(sample_run(Trouble::none), "counter");
  run.lanes = {Lane::explore};
  std::erase_if(run.verdicts, [](const ScenarioVerdict& verdict) { return verdict.lane != Lane::tsan; });
  for (auto& verdict : run.verdicts) verdict.lane = Lane::explore;
  std::erase_if(run.trials, [](const Trial& trial) { return trial.lane != Lane::tsan || trial.round > 1; });
  for (auto& trial : run.trials) trial.lane = Lane::explore;
  run.summaries.clear();
  auto& evidence = run.findings.front().evidence;
  evidence.picture = lost_update();
  evidence.schedule = "chicane.schedule/1\n";
  // Nobody declared it.
  auto& first = run.verdicts.front();
  first.verdict = Verdict::fail;
  first.undeclared = std::exchange(first.declared, {});
  first.why = "not declared: data race on total (in 6 of 8 processes)";
  return run;
}

Run of_family(Run run, const std::string& family) {
  const auto other = [&family](const auto& has_scenario) {
    const std::string& id = has_scenario.scenario;
    return !id.starts_with(family + "/");
  };
  std::erase_if(run.scenarios, [&](const Scenario& scenario) { return scenario.family() != family; });
  std::erase_if(run.trials, other);
  std::erase_if(run.verdicts, other);
  std::erase_if(run.summaries, other);
  std::erase_if(run.gaps, other);
  return run;
}

Run merged_run() {
  Run run = of_family(sample_run(Trouble::none), "waiting");
  run.merged_from = {
      {run.id, "here/run.json", run.started, run.ended, run.seed, true, "0.1.0", "", run.command, {"h0"}},
      {"2026-01-02T00:00:00Z-7",
       "there/run.json",
       "2026-01-02T00:00:00Z",
       "2026-01-02T00:01:00Z",
       7,
       true,
       "0.1.0",
       "",
       {"chicane", "run"},
       {"h1"}}};
  auto other = run.hosts.front();
  other.id = "h1", other.fingerprint = "00000000000000aa", other.cores = 8;
  run.hosts.push_back(other);
  const auto trials = run.trials.size();
  for (std::size_t i = 0; i < trials; ++i) {
    auto trial = run.trials[i];
    trial.id = fmt::format("t{}", run.trials.size());
    trial.host = "h1";
    trial.measures["wall_ns_per_operation"] = trial.measures.at("wall_ns_per_operation") / 2;
    run.trials.push_back(std::move(trial));
  }
  return run;
}

Run run_with_scenarios(std::uint32_t scenarios, std::uint32_t trials) {
  const Run base = sample_run(Trouble::some);
  Run run = base;
  run.lanes = {Lane::bench, Lane::stress, Lane::tsan, Lane::asan, Lane::explore};
  run.scenarios.clear(), run.findings.clear(), run.trials.clear();
  run.verdicts.clear(), run.summaries.clear(), run.gaps.clear();
  const auto each = std::max(1u, trials / std::max(1u, scenarios * static_cast<std::uint32_t>(run.lanes.size())));
  for (std::uint32_t i = 0; i < scenarios; ++i) {
    const auto& model = base.scenarios[i % base.scenarios.size()];
    auto scenario = model;
    scenario.id =
        fmt::format("{}-{}/{}", model.family(), i / base.scenarios.size(), model.id.substr(model.id.find('/') + 1));
    // Every third has a finding, and one in nine one that nobody declared.
    const bool finds = i % 3 == 0, undeclared = i % 9 == 0;
    const auto finding = fmt::format("f{}", run.findings.size());
    if (finds) {
      run.findings.push_back(base.findings[i % base.findings.size()]);
      run.findings.back().fingerprint = fmt::format("{:016x}", i);
      if (i % 2 == 0) run.findings.back().evidence.picture = lost_update();
    }
    for (const auto lane : run.lanes) {
      for (std::uint32_t round = 0; round < each; ++round) {
        Trial trial;
        trial.id = fmt::format("t{}", run.trials.size());
        trial.plan = fmt::format("p{}", run.trials.size() / each);
        trial.scenario = scenario.id;
        trial.lane = lane, trial.host = "h0", trial.build = lane == Lane::bench ? "b0" : "b1";
        trial.parameters.workers = 1 + round % 2;
        trial.round = round, trial.seed = i, trial.status = TrialStatus::completed;
        trial.duration_ns = 80'000'000, trial.turns = 100'000;
        measure(trial, i + round);
        if (finds && lane != Lane::bench) trial.findings = {{finding, 1}};
        run.trials.push_back(std::move(trial));
      }
      ScenarioVerdict verdict;
      verdict.scenario = scenario.id, verdict.lane = lane;
      verdict.verdict = undeclared && lane != Lane::bench ? Verdict::fail
                        : i % 50 == 1                     ? Verdict::missed
                                                          : Verdict::pass;
      verdict.why = "it is as it is, and this sentence is about as long as such sentences are in real runs";
      verdict.confidence = {each, 100'000ull * each, "0 of 8 processes"};
      if (finds && lane != Lane::bench) (undeclared ? verdict.undeclared : verdict.declared) = {finding};
      run.verdicts.push_back(std::move(verdict));
    }
    for (const std::uint32_t workers : {1u, 2u}) {
      Summary summary;
      summary.scenario = scenario.id, summary.parameters.workers = workers, summary.right = !finds;
      for (const auto* measured : {"wall_ns_per_operation", "cpu_ns_per_operation", "operations_per_second"})
        summary.measures[measured] = {8.5 * workers, 8.25, 9.0, each};
      run.summaries.push_back(std::move(summary));
    }
    run.scenarios.push_back(std::move(scenario));
  }
  return run;
}

}  // namespace chicane::sample
