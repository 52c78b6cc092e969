// The bench lane: the scenario's loop as the body of one Google Benchmark run, with the count known before it starts.
// Google Benchmark's only home.
//
// Its threads are the workers; a worker's begin() and end() are the two calls of KeepRunningBatch that start and stop
// its clock, each behind its barrier. Where workers are processes, it has one thread, which forks them and hands it the
// region's length. Without a given number of turns it calibrates: it runs the body with growing counts, each on a fresh
// state, until the budget is reached.
#include <algorithm>
#include <barrier>
#include <vector>

#include <benchmark/benchmark.h>

#include "harness/model/mixing.h"
#include "harness/runner/lanes/duet.h"
#include "harness/runner/lanes/hardware_play.h"
#include "harness/runner/lanes/lanes.h"
#include "harness/runner/teams.h"
#include "harness/runner/usage.h"
#include "harness/runner/worker.h"
#include "harness/statistics/fairness.h"
#include "harness/statistics/histogram.h"

namespace chicane {
namespace {

// Where all workers are at the end of their loops, with what they hold: how much memory have they taken?
struct LookAtMemory {
  MemoryGrowth* growth;  // null: nobody asks
  void operator()() const noexcept {
    if (growth != nullptr) growth->halt();
  }
};
using AtEnd = std::barrier<LookAtMemory>;

class BenchmarkRendezvous final : public Rendezvous {
 public:
  BenchmarkRendezvous(benchmark::State& state, AtEnd& at_end) : state_(state), at_end_(at_end) {}
  void start() override { state_.KeepRunningBatch(state_.max_iterations); }
  void stop() override {
    state_.KeepRunningBatch(state_.max_iterations);
    at_end_.arrive_and_wait();
  }

 private:
  benchmark::State& state_;
  AtEnd& at_end_;
};

// Nothing is printed: stdout is the scenario's.
class Capture final : public benchmark::BenchmarkReporter {
 public:
  explicit Capture(MemoryGrowth* growth) : growth_(growth) {}
  // Its own set-up is done, and no thread is started.
  bool ReportContext(const Context&) override {
    if (growth_ != nullptr) growth_->go_on();
    return true;
  }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const auto& run : runs)
      if (run.run_type == Run::RT_Iteration && !run.error_occurred) real_ns_ = run.GetAdjustedRealTime();
  }
  double real_ns() const { return real_ns_; }

 private:
  MemoryGrowth* growth_;
  double real_ns_ = 0;
};

// One attempt after the other, each with all workers on a fresh state; what is kept is the last one. `growth`: told, of
// one attempt alone, what memory the workers took; or null.
class Bench {
 public:
  Bench(Stage& stage, const TrialRequest& request, MemoryGrowth* growth)
      : stage_(stage),
        growth_(growth),
        processes_(request.parameters.worker_kind == WorkerKind::process),
        seed_(request.seed),
        outcomes_(stage.workers()),
        ready_(processes_ ? 1 : static_cast<std::ptrdiff_t>(stage.workers())),
        at_end_(processes_ ? 1 : static_cast<std::ptrdiff_t>(stage.workers()), LookAtMemory{growth}) {}

  // On each of Google Benchmark's threads.
  void attempt(benchmark::State& state) {
    const bool first = state.thread_index() == 0;  // the main thread
    if (growth_ != nullptr) ready_.arrive_and_wait();
    if (first) {
      turns_ = static_cast<std::uint64_t>(state.max_iterations);
      std::ranges::fill(outcomes_, WorkerOutcome{});
      if (growth_ != nullptr) growth_->halt();  // the state is no worker's
      constructed_ = stage_.construct(turns_, mixed_seed(seed_, attempts_++));
      if (growth_ != nullptr) growth_->go_on();
    }
    ready_.arrive_and_wait();
    BenchmarkRendezvous rendezvous(state, at_end_);
    if (!constructed_) {
      rendezvous.start();
      rendezvous.stop();
    } else if (processes_) {
      rendezvous.start();
      outcomes_ = run_on_processes(stage_);
      rendezvous.stop();
      state.SetIterationTime(static_cast<double>(timed_region(outcomes_).length_ns()) * 1e-9);
    } else {
      const auto index = static_cast<std::uint32_t>(state.thread_index());
      run_worker(stage_, index, rendezvous, outcomes_[index]);
    }
    ready_.arrive_and_wait();
    if (first && constructed_) {
      stage_.check(operations(outcomes_));
      stage_.destroy();
    }
    // Calibration would go on with ever more turns.
    if (first && (!constructed_ || any_failed(outcomes_))) state.SkipWithError("the scenario failed");
  }

  std::uint64_t turns() const { return turns_; }
  std::span<const WorkerOutcome> outcomes() const { return outcomes_; }

 private:
  Stage& stage_;
  MemoryGrowth* growth_;
  bool processes_;
  std::uint64_t seed_;
  std::vector<WorkerOutcome> outcomes_;
  std::barrier<> ready_;  // all workers are there; state built; all workers done
  AtEnd at_end_;
  std::uint64_t turns_ = 0, attempts_ = 0;
  bool constructed_ = false;
};

Usage region_usage(std::span<const WorkerOutcome> outcomes, bool processes) {
  Usage sum, least, most;
  bool first = true;
  for (const auto& outcome : outcomes) {
    if (!outcome.began) continue;
    sum += outcome.at_end - outcome.at_begin;
    // Threads read the same counters: from the first reading to the last.
    least = first ? outcome.at_begin : Usage::least(least, outcome.at_begin);
    most = first ? outcome.at_end : Usage::most(most, outcome.at_end);
    first = false;
  }
  return processes ? sum : most - least;
}

void measure(const Bench& bench, const Stage& stage, const TrialRequest& request, Trial& trial) {
  const auto outcomes = bench.outcomes();
  const bool processes = request.parameters.worker_kind == WorkerKind::process;
  const auto region_ns = static_cast<double>(timed_region(outcomes).length_ns());
  double operations = 0;
  std::uint64_t peak = peak_resident_bytes();
  for (const auto& outcome : outcomes) {
    operations += static_cast<double>(outcome.turns_done);
    peak += outcome.peak_resident_bytes;  // pages that processes share count in each
  }
  auto& measures = trial.measures;
  measures["operations"] = operations;
  measures["peak_resident_bytes"] = static_cast<double>(peak);
  if (operations == 0 || region_ns <= 0) return;
  const auto usage = region_usage(outcomes, processes);
  measures["region_ns"] = region_ns;
  measures["wall_ns_per_operation"] = region_ns / operations;
  measures["worker_wall_ns_per_operation"] = region_ns / (operations / static_cast<double>(outcomes.size()));
  measures["operations_per_second"] = operations / region_ns * 1e9;
  measures["cpu_ns_per_operation"] = static_cast<double>(usage.cpu_ns) / operations;
  measures["voluntary_switches"] = static_cast<double>(usage.voluntary_switches);
  measures["involuntary_switches"] = static_cast<double>(usage.involuntary_switches);
  measures["minor_faults"] = static_cast<double>(usage.minor_faults);
  measures["major_faults"] = static_cast<double>(usage.major_faults);
  if (processes) {
    double bytes = 0, told = 0;  // not by those that died
    for (const auto& outcome : outcomes)
      if (outcome.proportional_bytes != 0) bytes += static_cast<double>(outcome.proportional_bytes), ++told;
    if (told != 0) measures["pss_bytes_per_worker"] = bytes / told;
  }
  const auto& scenario = stage.scenario().scenario;
  const auto rate = [&](std::uint64_t per_operation) {
    return static_cast<double>(per_operation) * operations / region_ns * 1e9;
  };
  if (scenario.items_per_operation != 0) measures["items_per_second"] = rate(scenario.items_per_operation);
  if (scenario.bytes_per_operation != 0) measures["bytes_per_second"] = rate(scenario.bytes_per_operation);
  const auto add = [&](const Values& values) {
    for (const auto& [name, value] : values) measures[name] = value;
  };
  add(fairness_measures(trial.workers));
  Histogram latencies;
  for (std::uint32_t i = 0; i < stage.workers(); ++i)
    if (const auto* const own = stage.latency(i); own != nullptr) latencies.add(*own);
  add(latency_measures(latencies));
  trial.counters = stage.ledger().counters(region_ns * 1e-9);
}

}  // namespace

void run_bench(Stage& stage, const TrialRequest& request, Trial& trial) {
  if (request.duet.pairs != 0) return run_duet(stage, request, trial);
  trial.calibration = request.turns == 0;
  if (!stage.construct_environment()) return;
  stage.ask_for_progress();
  const bool processes = request.parameters.worker_kind == WorkerKind::process;
  // A calibration's workers find what attempts before them have left; worker processes tell their memory themselves.
  MemoryGrowth growth;
  auto* const told = trial.calibration || processes ? nullptr : &growth;
  Bench bench(stage, request, told);
  auto* const run = benchmark::RegisterBenchmark(stage.scenario().scenario.id.c_str(),
                                                 [&bench](benchmark::State& state) { bench.attempt(state); });
  run->Repetitions(1)->Threads(processes ? 1 : static_cast<int>(stage.workers()));
  if (processes)
    run->UseManualTime();
  else
    run->UseRealTime();
  if (trial.calibration)
    run->MinTime(std::max(static_cast<double>(request.budget_ns) * 1e-9, 1e-6));  // 0 would mean its default
  else
    run->Iterations(static_cast<benchmark::IterationCount>(request.turns));
  Capture capture(told);
  benchmark::RunSpecifiedBenchmarks(&capture, nullptr, ".*");

  trial.turns = bench.turns();
  trial.workers = worker_records(stage, bench.outcomes());
  measure(bench, stage, request, trial);
  if (capture.real_ns() > 0) trial.measures["google_benchmark_real_ns"] = capture.real_ns();
  if (const auto bytes = growth.bytes(); told != nullptr && capture.real_ns() > 0 && bytes)
    trial.measures["resident_growth_bytes_per_worker"] = static_cast<double>(*bytes) / stage.workers();
  if (trial.calibration && capture.real_ns() > 0 && stage.ledger().findings() == 0)
    count_hardware(stage, request, trial);
  stage.destroy_environment();
}

}  // namespace chicane
