// chicane-benchmark-render: how long a run of 10,000 trials takes to become a page, and how much memory.
//   chicane-benchmark-render [--trials N] [--rounds N] [--json FILE]
#include "reports/render.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
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

template <typename Render>
std::vector<double> seconds(int rounds, Render render, std::size_t& bytes) {
  std::vector<double> all;
  for (int i = 0; i < rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    bytes = render().size();
    all.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return all;
}

}  // namespace

int main(int argument_count, char** arguments) {
  using namespace chicane;
  int trials = 10'000, rounds = 9;
  std::string json_file;
  for (int i = 1; i < argument_count; i += 2) {
    const std::string option = arguments[i];
    if (i + 1 == argument_count) die("usage: chicane-benchmark-render [--trials N] [--rounds N] [--json FILE]");
    if (option == "--trials")
      trials = std::max(1, std::atoi(arguments[i + 1]));
    else if (option == "--rounds")
      rounds = std::max(1, std::atoi(arguments[i + 1]));
    else if (option == "--json")
      json_file = arguments[i + 1];
    else
      die("unknown option " + option);
  }
  const auto run = sample::run_with_trials(static_cast<std::uint32_t>(trials));
  const auto before = peak_megabytes();
  Figures figures;
  const auto tell = [&](const std::string& format, auto render, const std::string& reference) {
    std::size_t bytes = 0;
    const auto time = median_with_interval(seconds(rounds, render, bytes));
    figures.tell({fmt::format("render/{}-{}-trials", format, run.trials.size()), time.median, "s", time.low, time.high,
                  fmt::format("{}; {:.2f} MB written", reference, static_cast<double>(bytes) / 1e6)});
  };
  tell("html", [&] { return render_html(run); }, "limit 2 s");
  const auto file = to_json(run);
  tell(
      "html-from-run.json", [&] { return render_html(*parse_run(file)); },
      fmt::format("limit 2 s; {:.2f} MB read", static_cast<double>(file.size()) / 1e6));
  tell("junit", [&] { return render_junit(run); }, "none");
  tell("console", [&] { return render_console(run, {}); }, "none");
  figures.tell({"render/peak-memory",
                peak_megabytes(),
                "MB",
                {},
                {},
                fmt::format("limit 512 MB; {:.1f} MB before the first page, the run itself included", before)});
  if (!figures.write(json_file)) die("can't write " + json_file);
}
