#include "tests/reports/sample_run.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "tests/reports/sample_findings.h"

namespace chicane::sample {
namespace {

constexpr std::uint32_t rounds = 8;
constexpr std::uint64_t run_seed = 42;

// Numbers that look measured: a fixed sequence in [-1, 1].
class Noise {
 public:
  double next() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(state_ >> 40) / static_cast<double>(1u << 23) - 1.0;
  }

 private:
  std::uint64_t state_ = 7;
};

ExpectedFinding expected(FindingKind kind, std::string at, std::optional<Field> field = std::nullopt) {
  ExpectedFinding finding;
  finding.kind = kind;
  finding.at = std::move(at);
  finding.field = std::move(field);
  finding.min_workers = kind == FindingKind::data_race ? 2 : 1;
  return finding;
}

Scenario scenario(std::string id, std::string says, std::string source) {
  Scenario made;
  made.id = std::move(id);
  made.says = std::move(says);
  made.source = std::move(source);
  made.worker_kinds = {WorkerKind::thread};
  made.tags = {"core"};
  return made;
}

std::vector<Scenario> scenarios() {
  std::vector<Scenario> all;
  auto add = [&](std::string id, std::string says, std::string source) -> Scenario& {
    return all.emplace_back(scenario(std::move(id), std::move(says), std::move(source)));
  };
  auto& unlocked = add("counter/unlocked", "workers add to one plain counter", "scenarios/counter/unlocked.cpp:8");
  unlocked.expectation.must = {expected(FindingKind::data_race, "UnlockedCounter::work", Field{"total", 0, 8}),
                               expected(FindingKind::wrong_result, "")};
  unlocked.also_workers = {5};
  add("counter/locked", "workers add to one counter under a std::mutex", "scenarios/counter/locked.cpp:7");
  add("counter/atomic", "workers add to one std::atomic counter", "scenarios/counter/atomic.cpp:7");

  auto& two = add("semaphore/at-most-two", "at most two workers inside, by std::counting_semaphore",
                  "scenarios/semaphore/at_most_two.cpp:10");
  auto lost = expected(FindingKind::lost_wakeup, "");
  lost.reason = "std::counting_semaphore of libstdc++ 12 can sleep forever";
  two.expectation.may = {lost};
  add("semaphore/third-gets-in", "a broken twin whose gate is a check and then an add",
      "scenarios/semaphore/third_gets_in.cpp:9")
      .expectation.must = {expected(FindingKind::data_race, "ThirdGetsIn::work", Field{"inside", 8, 4})};

  add("pools/async", "squares and cubes by std::async", "scenarios/pools/async.cpp:9").axes = {{"threads", {1, 2, 4}}};
  auto& plain =
      add("pools/plain", "squares and cubes on a mutex-and-condition-variable pool", "scenarios/pools/plain.cpp:12");
  plain.axes = {{"threads", {1, 2, 4}}};
  plain.by_hand = "all tasks go through one mutex";
  auto& tbb = add("pools/tbb", "squares and cubes on a oneTBB task_arena", "scenarios/pools/tbb.cpp:11");
  tbb.axes = {{"threads", {2, 4}}};
  tbb.tags.push_back("library");
  auto& slot = add("pools/racy-slot", "two tasks write one result slot", "scenarios/pools/racy_slot.cpp:9");
  slot.axes = {{"threads", {2, 4}}};
  slot.expectation.must = {expected(FindingKind::data_race, "RacySlot::store")};

  add("processes/sequential", "factorials one after another", "scenarios/processes/sequential.cpp:7").exactly_workers =
      1;
  add("processes/threads", "factorials shared out to threads", "scenarios/processes/threads.cpp:8");
  auto& memory = add("processes/shared-memory", "factorials shared out to processes, results in shared memory",
                     "scenarios/processes/shared_memory.cpp:12");
  memory.worker_kinds = {WorkerKind::process};
  auto& between = add("processes/unlocked-shared", "processes add to one unlocked counter in shared memory",
                      "scenarios/processes/unlocked_shared.cpp:9");
  between.worker_kinds = {WorkerKind::process};
  between.expectation.must = {expected(FindingKind::data_race, "UnlockedShared::work", Field{"done", 16, 8})};

  for (const auto* name : {"sequential", "two-threads", "pool-of-2", "pool-of-3"}) {
    auto& waits = add(std::string("waiting/") + name, "two functions with four waits of 2 ms each",
                      std::string("scenarios/waiting/") + name + ".cpp:9");
    waits.exactly_workers = 1;
    waits.axes = {{"wait_ms", {2}}};
  }
  auto& early = add("waiting/counts-early", "counts its results before its tasks have ended",
                    "scenarios/waiting/counts_early.cpp:11");
  early.exactly_workers = 1;
  early.axes = {{"wait_ms", {2}}};
  early.expectation.must = {expected(FindingKind::wrong_result, "")};
  return all;
}

Host host() {
  Host host;
  host.id = "h0";
  host.fingerprint = "5b1c09a2f7d4e683";
  host.cpu = "Intel(R) Xeon(R) Processor @ 2.80GHz";
  host.cores = 2;
  host.sockets = 1;
  host.threads_per_core = 2;
  host.caches = {{1, "Data", 48 << 10, 2},
                 {1, "Instruction", 32 << 10, 2},
                 {2, "Unified", 2 << 20, 2},
                 {3, "Unified", 260ull << 20, 2}};
  host.memory_bytes = 8'331'894'784;
  host.kernel = "Linux 6.1.0-18-amd64";
  host.os = "Debian GNU/Linux 12 (bookworm)";
  host.virtualization = "kvm";
  host.virtualized = true;
  host.aslr = 2;
  host.before = {0.42, 1.5, 0.08};
  host.during = {1.97, 12.4, 0.11};
  return host;
}

// How long one operation takes, as a model of what these scenarios did on a machine of two cores.
double nanoseconds(const std::string& id, const Parameters& parameters) {
  const double workers = parameters.workers;
  const auto threads = parameters.args.contains("threads") ? static_cast<double>(parameters.args.at("threads")) : 1.0;
  const auto shared = [](double n, double alone) { return alone / std::min(n, 2.0) * (n > 2 ? 1.06 : 1.04); };
  if (id == "counter/unlocked") return workers == 1 ? 1.43 : 3.87 + 0.2 * workers;
  if (id == "counter/locked") return workers == 1 ? 15.8 : 61.0 + 4.0 * workers;
  if (id == "counter/atomic") return workers == 1 ? 5.92 : 17.6 + 0.4 * workers;
  if (id == "semaphore/at-most-two") return workers == 1 ? 34.1 : workers == 2 ? 58.2 : 640.0;
  if (id == "semaphore/third-gets-in") return workers == 1 ? 12.0 : 30.0;
  if (id == "pools/async") return 41'300.0 * (threads == 1 ? 1.0 : 0.71);
  if (id == "pools/plain") return shared(threads, 18'900.0);
  if (id == "pools/tbb") return threads == 2 ? 9'310.0 : 9'240.0;
  if (id == "pools/racy-slot") return 7'900.0;
  if (id == "processes/sequential") return 1.21e6;
  if (id == "processes/threads") return shared(workers, 1.21e6);
  if (id == "processes/shared-memory") return shared(workers, 1.23e6);
  if (id == "processes/unlocked-shared") return workers == 1 ? 1.9 : 4.4;
  if (id == "waiting/sequential") return 16.46e6;
  if (id == "waiting/two-threads") return 8.31e6;
  if (id == "waiting/pool-of-2") return 8.27e6;
  if (id == "waiting/pool-of-3") return 8.29e6;
  return 0.31e6;
}

std::vector<Parameters> parameters_of(const Scenario& scenario) {
  std::vector<Parameters> all;
  const auto kind = scenario.worker_kinds.front();
  if (!scenario.axes.empty()) {
    for (const auto value : scenario.axes.front().values)
      all.push_back({kind, 1, {{scenario.axes.front().name, value}}});
    return all;
  }
  if (scenario.exactly_workers != 0) return {{kind, scenario.exactly_workers, {}}};
  for (const std::uint32_t workers : {1u, 2u, 4u}) all.push_back({kind, workers, {}});
  for (const auto workers : scenario.also_workers) all.push_back({kind, workers, {}});
  return all;
}

Estimate estimate(double median, double spread, std::uint32_t of_rounds = rounds) {
  Estimate made;
  made.median = median;
  made.rounds = of_rounds;
  if (of_rounds >= 6) made.low = median * (1 - spread), made.high = median * (1 + 1.4 * spread);
  return made;
}

Summary summary(const Scenario& scenario, const Parameters& parameters, Noise& noise) {
  Summary made;
  made.scenario = scenario.id;
  made.parameters = parameters;
  made.oversubscribed = parameters.workers > 2;
  made.right = scenario.expectation.must.empty();
  if (!made.right) made.why_not_ranked = "declares that it must show a finding";
  const double wall = nanoseconds(scenario.id, parameters);
  const double spread = 0.006 + 0.02 * std::abs(noise.next()) + (parameters.workers > 1 ? 0.02 : 0.0);
  made.measures["wall_ns_per_operation"] = estimate(wall, spread);
  made.measures["worker_wall_ns_per_operation"] = estimate(wall * parameters.workers, spread);
  made.measures["operations_per_second"] = estimate(1e9 / wall, spread);
  made.measures["cpu_ns_per_operation"] = estimate(wall * std::min(parameters.workers, 2u) * 0.98, spread);
  made.measures["voluntary_switches"] = estimate(parameters.workers == 1 ? 3 : 2'140.0 * parameters.workers, 0.2);
  made.measures["involuntary_switches"] = estimate(made.oversubscribed ? 312 : 9, 0.3);
  made.measures["peak_resident_bytes"] = estimate(6.4e6 + 81'920.0 * parameters.workers, 0.01);
  made.measures["resident_growth_bytes_per_worker"] = estimate(14'336, 0.1);
  made.measures["instructions_per_operation"] = estimate(std::round(wall * 2.6), 0, 1);  // of the calibration alone
  if (scenario.family() == "waiting" && made.right)
    made.counters["overlap_ratio"] = estimate(scenario.id == "waiting/sequential" ? 0.97 : 1.94, 0.004);
  if (scenario.family() == "semaphore") made.counters["high_water"] = estimate(std::min(parameters.workers, 2u), 0);
  return made;
}

class TrialWriter {
 public:
  explicit TrialWriter(Run& run) : run_(run) {}

  void add(const Scenario& scenario, Lane lane, const Parameters& parameters, std::uint32_t round) {
    Trial trial;
    trial.id = "t" + std::to_string(run_.trials.size());
    trial.plan = "p" + std::to_string(run_.trials.size() / rounds);
    trial.scenario = scenario.id;
    trial.lane = lane;
    trial.host = "h0";
    trial.build = lane == Lane::tsan ? "b1" : "b0";
    trial.parameters = parameters;
    trial.round = round;
    trial.seed = run_seed * 1000 + run_.trials.size();
    trial.oversubscribed = parameters.workers > 2;
    if (lane == Lane::tsan && parameters.worker_kind == WorkerKind::process)
      trial.judged_as = "threads over one shared mapping";
    trial.status = TrialStatus::completed;
    trial.duration_ns = lane == Lane::tsan ? 212'000'000 : 84'000'000;
    trial.turns = 100'000;
    trial.measures["wall_ns_per_operation"] = nanoseconds(scenario.id, parameters) * (1 + 0.02 * noise_.next());
    trial.measures["operations"] = 100'000.0 * parameters.workers;
    for (const auto& [id, count] : findings_seen(run_, trial)) trial.findings.push_back({id, count});
    run_.trials.push_back(std::move(trial));
  }

 private:
  Run& run_;
  Noise noise_;
};

bool could_run(Trouble trouble, const Scenario& scenario, Lane lane) {
  if (scenario.id == "pools/tbb" && lane == Lane::tsan) return false;
  return trouble == Trouble::none || scenario.id != "processes/shared-memory" || lane != Lane::bench;
}

}  // namespace

Run sample_run(Trouble trouble) {
  Run run;
  run.id = "2026-01-01T00:00:00Z-42";
  run.started = "2026-01-01T00:00:00Z";
  run.ended = "2026-01-01T00:01:24Z";
  run.seed = run_seed;
  run.complete = true;
  run.tool_version = "0.1.0";
  run.tool_revision = "7a3bcec";
  run.command = {"chicane", "run", "--quick", "-o", "out"};
  run.lanes = {Lane::bench, Lane::tsan};
  run.hosts = {host()};
  run.builds = {{"b0", "counter", Build::plain, "91b7d6f0c2e4", "clang 19.1.7", "-O2 -g -DNDEBUG"},
                {"b1", "counter", Build::tsan, "c05d1fa93b68", "clang 19.1.7", "-fsanitize=thread -O1 -g"}};
  run.scenarios = scenarios();
  run.findings = findings(trouble);
  run.sources = sources();
  run.gaps = {{"pools/tbb", Lane::tsan, false, "no instrumented oneTBB: its source package could not be fetched"}};
  if (trouble == Trouble::some)
    run.gaps.push_back(
        {"processes/shared-memory", Lane::bench, true, "the runner could not start: /dev/shm has 0 bytes free"});
  run.notes = {"Lane explore is not part of this version.",
               "CPU pressure was 12 % while trials ran: another program used this machine."};
  Noise noise;
  TrialWriter writer(run);
  for (const auto& scenario : run.scenarios)
    for (const auto lane : run.lanes) {
      if (!could_run(trouble, scenario, lane)) continue;
      for (const auto& parameters : parameters_of(scenario)) {
        for (std::uint32_t round = 0; round < rounds; ++round) writer.add(scenario, lane, parameters, round);
        if (lane == Lane::bench) run.summaries.push_back(summary(scenario, parameters, noise));
      }
    }
  run.verdicts = verdicts(run, trouble);
  return run;
}

Run run_with_trials(std::uint32_t trials) {
  const Run base = sample_run(Trouble::some);
  Run run = base;
  // Not only more trials: as many more families, findings, verdicts and summaries as a run of that size would have.
  for (std::size_t copy = 2; run.trials.size() < trials; ++copy) {
    const auto renamed = [&](const std::string& id) {
      return fmt::format("{}-{}{}", id.substr(0, id.find('/')), copy, id.substr(id.find('/')));
    };
    const auto first = run.findings.size();
    const auto moved = [&](std::string& id) { id = fmt::format("f{}", first + std::stoul(id.substr(1))); };
    for (auto finding : base.findings) {
      finding.fingerprint = fmt::format("{:016x}", first + run.findings.size());
      run.findings.push_back(std::move(finding));
    }
    for (auto scenario : base.scenarios)
      scenario.id = renamed(scenario.id), run.scenarios.push_back(std::move(scenario));
    for (auto gap : base.gaps) gap.scenario = renamed(gap.scenario), run.gaps.push_back(std::move(gap));
    for (auto summary : base.summaries)
      summary.scenario = renamed(summary.scenario), run.summaries.push_back(std::move(summary));
    for (auto verdict : base.verdicts) {
      verdict.scenario = renamed(verdict.scenario);
      std::ranges::for_each(verdict.declared, moved);
      std::ranges::for_each(verdict.undeclared, moved);
      run.verdicts.push_back(std::move(verdict));
    }
    for (auto trial : base.trials) {
      if (run.trials.size() == trials) break;
      trial.id = fmt::format("t{}", run.trials.size());
      trial.scenario = renamed(trial.scenario);
      for (auto& seen : trial.findings) moved(seen.ref);
      run.trials.push_back(std::move(trial));
    }
  }
  return run;
}

}  // namespace chicane::sample
