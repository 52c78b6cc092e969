// chicane-benchmark-loop: what the timed loop behind the plugin ABI costs, against a loop written by hand for Google
// Benchmark. Both sides run the same number of turns in fresh processes, in alternation; a round is three pairs, its
// value the ratio of the two sides' best, and what is told is the median over rounds.
//   chicane-benchmark-loop [--rounds N] [--json FILE]
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/statistics/summary.h"
#include "tests/benchmarks/figures.h"
#include "tests/benchmarks/loop_instructions.h"
#include "tests/runner/runner_process.h"

namespace chicane {
namespace {

constexpr int attempts_a_round = 3;

[[noreturn]] void die(const std::string& message) {
  std::cerr << "chicane-benchmark-loop: " << message << "\n";
  std::exit(2);
}

Trial through_plugin(const std::string& body, std::uint32_t workers, std::uint64_t turns) {
  TrialRequest request;
  request.plugin = test_plugin("loop_plugin");
  request.scenario = "loop/" + body;
  request.lane = Lane::bench;
  request.parameters.workers = workers;
  request.turns = turns;
  request.budget_ns = 30'000'000;  // of the calibration
  request.placement = workers == 1 ? Placement::free : Placement::distinct;
  const auto run = start_trial(request);
  const auto* result = run.find(RunnerEvent::Kind::result);
  if (result == nullptr || !run.findings().empty()) die("the trial of loop/" + body + " failed: " + run.refusal());
  return result->trial;
}

double by_hand(const std::string& body, std::uint32_t workers, std::uint64_t turns) {
  const auto command = fmt::format("'{}' {} {} {}", CHICANE_HAND_WRITTEN, body, workers, turns);
  std::FILE* const pipe = popen(command.c_str(), "r");
  double ns = 0;
  if (pipe == nullptr || std::fscanf(pipe, "%lf", &ns) != 1 || pclose(pipe) != 0 || ns <= 0) die("failed: " + command);
  return ns;
}

Figure ratio(const std::string& body, std::uint32_t workers, int rounds) {
  const auto turns = through_plugin(body, workers, 0).turns;
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    // What disturbs a process only makes it slower: of each side the best of a few, in alternation.
    double ours = std::numeric_limits<double>::max(), theirs = ours;
    for (int attempt = 0; attempt < attempts_a_round; ++attempt) {
      const auto measure_ours = [&] {
        ours = std::min(ours, through_plugin(body, workers, turns).measures.at("google_benchmark_real_ns"));
      };
      const bool ours_first = (round + attempt) % 2 == 0;
      if (ours_first) measure_ours();
      theirs = std::min(theirs, by_hand(body, workers, turns));
      if (!ours_first) measure_ours();
    }
    ratios.push_back(ours / theirs);
  }
  const auto estimate = median_with_interval(ratios);
  return {fmt::format("loop/{}/{}", body, workers), estimate.median, "ratio", estimate.low, estimate.high,
          "hand-written Google Benchmark loop"};
}

// What tells the loop from others in its function: its own instruction.
std::optional<Figure> instructions(const std::string& body, const std::string& mangled_state,
                                   const std::string& marker) {
  const auto ours = loop_instructions(test_plugin("loop_plugin"), "Bridge.*" + mangled_state + ".*4work", marker);
  const auto theirs = loop_instructions(CHICANE_HAND_WRITTEN_BODIES, "^hand_written_" + body + "$", marker);
  if (!ours || !theirs) return std::nullopt;
  return Figure{fmt::format("loop/{}/instructions", body),
                static_cast<double>(*ours),
                "instructions a turn",
                {},
                {},
                fmt::format("hand-written Google Benchmark loop: {}", *theirs)};
}

}  // namespace
}  // namespace chicane

int main(int argument_count, char** arguments) {
  using namespace chicane;
  int rounds = 25;
  std::string json_file;
  for (int i = 1; i < argument_count; i += 2) {
    const std::string option = arguments[i];
    if (i + 1 == argument_count || (option != "--rounds" && option != "--json"))
      die("usage: chicane-benchmark-loop [--rounds N] [--json FILE]");
    if (option == "--rounds")
      rounds = std::max(1, std::atoi(arguments[i + 1]));
    else
      json_file = arguments[i + 1];
  }
  Figures figures;
  for (const auto& [body, state, marker] :
       {std::array{"atomic", "AtomicAdd", "^lock"}, std::array{"mutex", "MutexAdd", "mutex_lock"}})
    if (auto figure = instructions(body, state, marker))
      figures.tell(std::move(*figure));
    else
      std::cout << "loop/" << body << "/instructions not counted: no llvm-objdump-19, or no loop found\n";
  for (const auto* body : {"atomic", "mutex"})
    for (const std::uint32_t workers : {1u, 2u}) figures.tell(ratio(body, workers, rounds));
  if (!figures.write(json_file)) die("can't write " + json_file);
}
