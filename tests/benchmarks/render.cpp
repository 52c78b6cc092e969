// chicane-benchmark-render: how long a run of 10,000 trials takes to become a report, and how much memory; and one of
// 10,000 scenarios in five lanes with 200,000 trials, in each format.
//   chicane-benchmark-render [--trials N] [--scenarios N] [--rounds N] [--json FILE]
#include "reports/render.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <sys/resource.h>

#include "harness/model/json.h"
#include "harness/statistics/summary.h"
#include "tests/benchmarks/figures.h"
#include "tests/reports/sample_run.h"

namespace {

[[noreturn]] void die(const std::string& message) {
  std::cerr << "chicane-benchmark-render: " << message << "\n";
  std::exit(2);
}

// Of this process until now; with the run itself, which whoever renders it holds too.
double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
}

std::vector<double> seconds(int rounds, const std::function<std::size_t()>& render, std::size_t& bytes) {
  std::vector<double> all;
  for (int i = 0; i < rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    bytes = render();
    all.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return all;
}

}  // namespace

int main(int argument_count, char** arguments) {
  using namespace chicane;
  int trials = 10'000, rounds = 9, scenarios = 10'000;
  std::string json_file;
  for (int i = 1; i < argument_count; i += 2) {
    const std::string option = arguments[i];
    if (i + 1 == argument_count)
      die("usage: chicane-benchmark-render [--trials N] [--scenarios N] [--rounds N] [--json FILE]");
    if (option == "--trials")
      trials = std::max(1, std::atoi(arguments[i + 1]));
    else if (option == "--scenarios")
      scenarios = std::max(1, std::atoi(arguments[i + 1]));
    else if (option == "--rounds")
      rounds = std::max(1, std::atoi(arguments[i + 1]));
    else if (option == "--json")
      json_file = arguments[i + 1];
    else
      die("unknown option " + option);
  }
  Figures figures;
  const auto tell = [&](const std::string& what, int times, const std::function<std::size_t()>& render,
                        const std::string& reference) {
    std::size_t bytes = 0;
    const auto time = median_with_interval(seconds(times, render, bytes));
    figures.tell({"render/" + what, time.median, "s", time.low, time.high,
                  fmt::format("{}; {:.2f} MB written", reference, static_cast<double>(bytes) / 1e6)});
  };
  const auto tell_peak = [&](const std::string& what, double before, int limit) {
    figures.tell(
        {"render/" + what,
         peak_megabytes(),
         "MB",
         {},
         {},
         fmt::format("limit {} MB; {:.1f} MB before the first report, the run itself included", limit, before)});
  };
  {
    const auto run = sample::run_with_trials(static_cast<std::uint32_t>(trials));
    const auto before = peak_megabytes();
    const auto of = fmt::format("-{}-trials", run.trials.size());
    tell("html" + of, rounds, [&] { return render_html(run).size(); }, "limit 2 s");
    const auto file = to_json(run);
    tell(
        "html-from-run.json" + of, rounds, [&] { return render_html(*parse_run(file)).size(); },
        fmt::format("limit 2 s; {:.2f} MB read", static_cast<double>(file.size()) / 1e6));
    tell("junit" + of, rounds, [&] { return render_junit(run).size(); }, "none");
    tell("console" + of, rounds, [&] { return render_console(run, {}).size(); }, "none");
    tell_peak("peak-memory", before, 512);
  }
  const auto large =
      sample::run_with_scenarios(static_cast<std::uint32_t>(scenarios), static_cast<std::uint32_t>(20 * scenarios));
  const auto before = peak_megabytes();
  const auto of = fmt::format("-{}-scenarios-{}-trials", scenarios, large.trials.size());
  // Written out in parts, as the tool does: what a sink takes is not kept.
  const auto sizes = [](const auto& write) {
    std::size_t bytes = 0;
    write([&bytes](std::string_view part) { bytes += part.size(); });
    return bytes;
  };
  const int few = std::min(rounds, 3);
  tell("html" + of, few, [&] { return render_html(large).size(); }, "limit 10 s, 25 MB");
  tell("sarif" + of, few, [&] { return render_sarif(large).size(); }, "limit 10 s");
  tell("markdown" + of, few, [&] { return render_markdown(large).size(); }, "limit 10 s");
  tell("gbench" + of, few, [&] { return render_gbench(large).size(); }, "limit 10 s");
  tell("csv" + of, few, [&] { return sizes([&](const auto& out) { write_csv(large, out); }); }, "limit 10 s");
  tell("json" + of, few, [&] { return sizes([&](const auto& out) { write_json(large, out); }); }, "limit 10 s");
  tell("annotations" + of, few, [&] { return render_annotations(large).size(); }, "limit 10 s");
  tell("junit" + of, few, [&] { return render_junit(large).size(); }, "limit 10 s");
  tell("console" + of, few, [&] { return render_console(large, {}).size(); }, "limit 10 s");
  tell_peak("peak-memory-large", before, 1000);
  if (!figures.write(json_file)) die("can't write " + json_file);
}
