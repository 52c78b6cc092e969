// chicane-benchmark-latency: what recording one latency costs, over values as they come: all of them about equal, and
// spread over five powers of ten. The reference is an empty loop over the same values and, for scale, one reading of
// the clock, of which a lap takes two.
// Exit status 1 where it takes more than 20 ns for certain: the whole interval lies above them.
//   chicane-benchmark-latency [--rounds N] [--json FILE]
#include <chicane/scenario.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/statistics/summary.h"
#include "tests/benchmarks/figures.h"

namespace chicane {
namespace {

constexpr std::size_t values_at_once = 4096;  // stay in the first caches, as a scenario's own time stamps do
constexpr int passes = 500;
constexpr double most_ns = 20;

template <typename Work>
double ns_each(const std::vector<std::int64_t>& values, Work work) {
  const auto start = std::chrono::steady_clock::now();
  for (int pass = 0; pass < passes; ++pass)
    for (const auto value : values) {
      work(value);
      clobber();  // as each turn of a scenario's loop
    }
  const auto taken = std::chrono::steady_clock::now() - start;
  return std::chrono::duration<double, std::nano>(taken).count() / passes / static_cast<double>(values.size());
}

std::vector<std::int64_t> about_equal() {
  std::mt19937_64 random(1);
  std::vector<std::int64_t> values(values_at_once);
  for (auto& value : values) value = static_cast<std::int64_t>(std::normal_distribution<double>(250, 20)(random));
  return values;
}
std::vector<std::int64_t> spread() {
  std::mt19937_64 random(2);
  std::vector<std::int64_t> values(values_at_once);
  for (auto& value : values)
    value = static_cast<std::int64_t>(std::pow(10, std::uniform_real_distribution<double>(2, 7)(random)));
  return values;
}

}  // namespace
}  // namespace chicane

int main(int argument_count, char** arguments) {
  using namespace chicane;
  int rounds = 30;
  std::string json_file;
  for (int i = 1; i < argument_count; i += 2) {
    const std::string option = arguments[i];
    const std::string value = i + 1 < argument_count ? arguments[i + 1] : "";
    if (option == "--rounds" && !value.empty())
      rounds = std::max(std::atoi(value.c_str()), 1);
    else if (option == "--json" && !value.empty())
      json_file = value;
    else
      return std::cerr << "usage: chicane-benchmark-latency [--rounds N] [--json FILE]\n", 2;
  }

  const auto latencies = std::make_unique<chicane_latency>();
  chicane_worker table{};
  table.struct_size = sizeof table;
  table.latency = latencies.get();
  Worker worker(&table);
  keep(&worker);

  Figures figures;
  bool too_slow = false;
  for (const auto& [name, values] : {std::pair("about equal", about_equal()), std::pair("over 5 decades", spread())}) {
    std::vector<double> recording, empty, clock;
    for (int round = 0; round < rounds; ++round) {
      recording.push_back(ns_each(values, [&](std::int64_t value) { worker.record_ns(value); }));
      empty.push_back(ns_each(values, [](std::int64_t value) { keep(value); }));
      clock.push_back(ns_each(values, [&](std::int64_t) { keep(worker.now()); }));
    }
    const auto own = median_with_interval(recording), none = median_with_interval(empty),
               reading = median_with_interval(clock);
    figures.tell({fmt::format("recording one latency, values {}", name), own.median, "ns", own.low, own.high,
                  fmt::format("at most {} ns; an empty loop {:.2f} ns, one reading of the clock {:.1f} ns, in this run",
                              most_ns, none.median, reading.median)});
    too_slow |= own.low.value_or(own.median) > most_ns;
  }
  keep(latencies->recorded);
  if (!figures.write(json_file)) return 2;
  return too_slow ? 1 : 0;
}
