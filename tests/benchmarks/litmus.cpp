// chicane-benchmark-litmus: turns and interesting outcomes a minute of litmus scenarios with the whole harness around
// them, by scenario and placement, and the same for a bare hand-written loop of relaxed store buffering in the same
// run.
//   chicane-benchmark-litmus [--rounds N] [--json FILE]
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <sched.h>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "harness/statistics/summary.h"
#include "harness/supervisor/trial_process.h"
#include "tests/benchmarks/figures.h"

namespace chicane {
namespace {

constexpr auto slice = std::chrono::milliseconds(500);

[[noreturn]] void die(const std::string& message) {
  std::cerr << "chicane-benchmark-litmus: " << message << "\n";
  std::exit(2);
}

struct Rate {
  double turns = 0, interesting = 0;  // a minute of wall time
};

// The whole process counts: start, load, result.
Rate through_harness(const std::string& scenario, Placement placement, std::uint32_t actors) {
  static const std::atomic<bool> never{false};
  TrialRequest request;
  request.plugin = CHICANE_LITMUS_PLUGIN;
  request.scenario = scenario;
  request.lane = Lane::stress;
  request.parameters.workers = actors;
  request.placement = placement;
  request.budget_ns = static_cast<std::uint64_t>(std::chrono::nanoseconds(slice).count());
  TrialProcess runner{TrialLimits{}};
  const auto trial = runner.run(request, CHICANE_RUNNER, never).trial;
  if (trial.status != TrialStatus::completed) die(scenario + ": " + trial.status_detail);
  const double minutes = static_cast<double>(trial.duration_ns) / 60e9;
  Rate rate{static_cast<double>(trial.turns) / minutes, 0};
  for (const auto& outcome : trial.outcomes)
    if (outcome.grade == Grade::interesting) rate.interesting += static_cast<double>(outcome.count) / minutes;
  return rate;
}

struct State {
  std::atomic<int> x{0}, y{0};
  int r1 = 0, r2 = 0;
};

void pin(unsigned cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  sched_setaffinity(0, sizeof set, &set);
}

// Two threads, strides of 4,096, a spinning meeting, one thread counts: what a person would write first.
Rate by_hand(unsigned left_cpu, unsigned right_cpu) {
  std::vector<State> states(4096);
  std::atomic<std::uint64_t> arrived{0};
  std::atomic<bool> over{false};
  std::uint64_t strides = 0, both_old = 0;
  const auto meet = [&](std::uint64_t& passed) {
    passed += 2;
    arrived.fetch_add(1);
    while (arrived.load(std::memory_order_acquire) < passed) {
    }
  };
  const auto start = std::chrono::steady_clock::now();
  std::thread right([&] {
    pin(right_cpu);
    for (std::uint64_t passed = 0;;) {
      meet(passed);
      if (over) break;
      for (auto& state : states) {
        state.y.store(1, std::memory_order_relaxed);
        state.r2 = state.x.load(std::memory_order_relaxed);
        asm volatile("" : : : "memory");
      }
      meet(passed);
    }
  });
  std::thread left([&] {
    pin(left_cpu);
    for (std::uint64_t passed = 0;;) {
      over = std::chrono::steady_clock::now() - start > slice;
      meet(passed);
      if (over) break;
      for (auto& state : states) {
        state.x.store(1, std::memory_order_relaxed);
        state.r1 = state.y.load(std::memory_order_relaxed);
        asm volatile("" : : : "memory");
      }
      meet(passed);
      ++strides;
      for (auto& state : states) {
        both_old += state.r1 == 0 && state.r2 == 0;
        state.x.store(0, std::memory_order_relaxed);
        state.y.store(0, std::memory_order_relaxed);
      }
    }
  });
  left.join();
  right.join();
  const auto minutes = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / 60;
  return {static_cast<double>(strides * states.size()) / minutes, static_cast<double>(both_old) / minutes};
}

void tell(Figures& figures, const std::string& name, const std::vector<Rate>& rates, const std::string& turns_wanted,
          const std::string& interesting_wanted) {
  std::vector<double> turns, interesting;
  for (const auto& rate : rates) turns.push_back(rate.turns), interesting.push_back(rate.interesting);
  const auto all = median_with_interval(turns);
  const auto rare = median_with_interval(interesting);
  figures.tell({name, all.median, "turns/min", all.low, all.high, turns_wanted});
  figures.tell({name + "/interesting", rare.median, "outcomes/min", rare.low, rare.high, interesting_wanted});
}

}  // namespace
}  // namespace chicane

int main(int argument_count, char** arguments) {
  using namespace chicane;
  int rounds = 6;
  std::string json_file;
  for (int i = 1; i < argument_count; i += 2) {
    const std::string option = arguments[i];
    if (i + 1 == argument_count || (option != "--rounds" && option != "--json"))
      die("usage: chicane-benchmark-litmus [--rounds N] [--json FILE]");
    if (option == "--rounds")
      rounds = std::max(1, std::atoi(arguments[i + 1]));
    else
      json_file = arguments[i + 1];
  }
  cpu_set_t allowed;
  std::vector<unsigned> cpus;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) die("the CPUs of this process can't be read");
  for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &allowed)) cpus.push_back(cpu);
  if (cpus.size() < 2) die("two CPUs are needed");

  const std::string relaxed = "litmus/store-buffering-relaxed";
  std::vector<Rate> hand, harness;
  for (int round = 0; round < rounds; ++round) {  // in alternation
    hand.push_back(by_hand(cpus[0], cpus[1]));
    harness.push_back(through_harness(relaxed, Placement::distinct, 2));
  }
  Figures figures;
  tell(figures, "by-hand/store-buffering-relaxed/distinct", hand, "the bare loop", "the bare loop");
  tell(figures, relaxed + "/distinct", harness, "at least 1.5e9 wanted", "at least 5e6 wanted");
  for (const auto placement : {Placement::same, Placement::free})
    tell(figures, fmt::format("{}/{}", relaxed, name(placement)), {through_harness(relaxed, placement, 2)}, "one round",
         "one round");
  for (const auto& [scenario, actors] :
       {std::pair("litmus/store-buffering-seq-cst", 2u), std::pair("litmus/message-passing-relaxed", 2u),
        std::pair("litmus/coherence-relaxed", 2u), std::pair("litmus/iriw-relaxed", 4u)})
    for (const auto placement : {Placement::distinct, Placement::same, Placement::free})
      tell(figures, fmt::format("{}/{}", scenario, name(placement)), {through_harness(scenario, placement, actors)},
           "one round", "one round");
  if (!figures.write(json_file)) die("can't write " + json_file);
}
