// The reference of loop.cpp: runs the loops of loop_bodies.cpp. A program of its own, so that both sides start a fresh
// process for every figure.
//   chicane-hand-written-loop BODY WORKERS TURNS   prints the real time per iteration in ns
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <sched.h>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "tests/benchmarks/loop_bodies.h"

namespace {

std::vector<int> cpus() {
  cpu_set_t set;
  sched_getaffinity(0, sizeof set, &set);
  std::vector<int> found;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &set)) found.push_back(cpu);
  return found;
}

// As the runner places its workers: each on a CPU, one alone on none.
void place(const benchmark::State& state) {
  static const std::vector<int> all = cpus();
  if (state.threads() == 1) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(all[static_cast<std::size_t>(state.thread_index()) % all.size()]), &set);
  sched_setaffinity(0, sizeof set, &set);
}

// Each on a page of its own, as the harness gives memory.
struct alignas(4096) Page {
  std::atomic<long> atomic_total = 0;
};
struct alignas(4096) LockedPage {
  std::mutex mutex;
  long total = 0;
};
Page page;
LockedPage locked_page;

}  // namespace

namespace {
class Print final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override { std::printf("%.9g\n", runs.front().GetAdjustedRealTime()); }
};
}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 4) return 2;
  const std::string body = arguments[1];
  auto* const run = benchmark::RegisterBenchmark(body.c_str(), [&body](benchmark::State& state) {
    place(state);
    if (body == "atomic")
      hand_written_atomic(state, &page.atomic_total);
    else
      hand_written_mutex(state, &locked_page.mutex, &locked_page.total);
  });
  run->Threads(std::atoi(arguments[2]))->Iterations(std::atol(arguments[3]))->Repetitions(1)->UseRealTime();
  Print print;
  benchmark::RunSpecifiedBenchmarks(&print, nullptr, ".*");
}
