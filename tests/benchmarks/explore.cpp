// chicane-benchmark-schedules, -switches, -explore-overhead (one source, CHICANE_BENCHMARK names it): how fast the
// explore lane's runtime is.
//   chicane-benchmark-… [--seconds S] [--json FILE]
#include "harness/explore/explore.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "harness/explore/schedulers/pos.h"
#include "harness/explore/schedulers/random_walk.h"
#include "harness/model/json.h"
#include "harness/supervisor/process.h"
#include "tests/benchmarks/explore_bodies.h"
#include "tests/benchmarks/figures.h"

namespace chicane::explore {
namespace {

constexpr std::string_view which = CHICANE_BENCHMARK;
using Seconds = std::chrono::duration<double>;

[[noreturn]] void die(const std::string& message) {
  std::cerr << "chicane-benchmark-" << which << ": " << message << "\n";
  std::exit(2);
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return Seconds(std::chrono::steady_clock::now() - start).count();
}

struct Measured {
  double value = 0;
  std::uint64_t memory_bytes = 0;
};

// In a child: a schedule leaves threads behind, and peak memory is a process's.
Measured in_child(const std::function<double()>& work) {
  int ends[2];
  if (pipe(ends) != 0) die("no pipe");
  const pid_t child = fork();
  if (child == 0) {
    const double value = work();
    _exit(write(ends[1], &value, sizeof value) == sizeof value ? 0 : 1);
  }
  close(ends[1]);
  Measured measured;
  const bool got = read(ends[0], &measured.value, sizeof measured.value) == sizeof measured.value;
  close(ends[0]);
  int status = 0;
  struct rusage usage{};
  wait4(child, &status, 0, &usage);
  if (!got || status != 0) die(fmt::format("a child ended with status {}", status));
  measured.memory_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  return measured;
}

// Takes another thread whenever there is one.
class AlwaysSwitch final : public Scheduler {
 public:
  void begin(std::uint64_t) override {}
  std::uint32_t pick_thread(const ThreadChoice& choice) override { return choice.last_enabled ? 1 : 0; }
  Wants wants() const override { return {.performed = false, .reads_from = false}; }
};

Body two_threads_of_forty() {
  Body body;
  body.threads = 2;
  body.fresh = [](void*) { explore_bodies_explored.reset(); };
  body.thread = [](void*, std::uint32_t) { explore_bodies_explored.forty_operations(); };
  return body;
}

double schedules_per_second(Scheduler& scheduler, double seconds, Backend backend) {
  const Body body = two_threads_of_forty();
  Options options;
  options.backend = backend;
  SharedLocations learned;
  Recording recording;
  std::uint64_t done = 0;
  const auto start = std::chrono::steady_clock::now();
  do {
    for (int i = 0; i < 100; ++i)
      if (run_schedule(body, scheduler, ++done, options, learned, recording).process_spent) return 0;
  } while (seconds_since(start) < seconds);
  return static_cast<double>(done) / seconds_since(start);
}

double on_all_cores(const std::function<double()>& work) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  int ends[2];
  if (pipe(ends) != 0) die("no pipe");
  for (unsigned i = 0; i < cores; ++i)
    if (fork() == 0) {
      const double value = work();
      _exit(write(ends[1], &value, sizeof value) == sizeof value ? 0 : 1);
    }
  double sum = 0;
  for (unsigned i = 0; i < cores; ++i) {
    double value = 0;
    if (read(ends[0], &value, sizeof value) != sizeof value) die("a child sent nothing");
    sum += value;
    wait(nullptr);
  }
  return sum;
}

// As a user would have it: `chicane explore -- PROGRAM`, the time of the searches without that of the tool's start.
double program_schedules_per_second() {
  std::string folder = (std::filesystem::temp_directory_path() / "chicane-schedules-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) die("no folder for the run can be made");
  ProcessRequest request;
  request.command = {CHICANE_TOOL, "explore", "--tree", CHICANE_EXPLORE_TREE, "--seed", "1", "--schedules", "20000",
                     "-o",         folder,    "--",     CHICANE_PROGRAM};
  request.wall_limit = std::chrono::minutes(2);
  const std::atomic<bool> never_stop{false};
  const auto outcome = run_process(request, never_stop);
  if (!outcome || outcome->exit_code != 0)
    die("chicane explore of a program: " + (outcome ? outcome->stderr_tail : outcome.error().message));
  std::ifstream file(folder + "/run.json");
  const auto run = parse_run(std::string(std::istreambuf_iterator<char>(file), {}));
  std::filesystem::remove_all(folder);
  if (!run) die(run.error().message);
  double sum = 0;
  for (const Trial& trial : run->trials)
    sum += trial.measures.at("schedules") / Seconds(std::chrono::nanoseconds(trial.duration_ns)).count();
  return sum;
}

void schedules(Figures& figures, double seconds) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  Pos pos;
  RandomWalk walk;
  const std::string reference =
      "two threads of 40 visible operations; relacy, which needs its own types: 241,000 on one core";
  figures.tell({"schedules/pos",
                on_all_cores([&] { return schedules_per_second(pos, seconds, Backend::automatic); }),
                "schedules/s",
                {},
                {},
                fmt::format("{} processes, {}; at least 100,000 on 2 cores wanted", cores, reference)});
  figures.tell({"schedules/random-walk",
                on_all_cores([&] { return schedules_per_second(walk, seconds, Backend::automatic); }),
                "schedules/s",
                {},
                {},
                fmt::format("{} processes", cores)});
  figures.tell({"schedules/pos-futex",
                in_child([&] { return schedules_per_second(pos, seconds, Backend::futex); }).value,
                "schedules/s",
                {},
                {},
                "one process, hand-off by futex"});
  figures.tell({"schedules/program",
                program_schedules_per_second(),
                "schedules/s",
                {},
                {},
                fmt::format("{} processes, each schedule a run of the program from main; at least 2,000 on 2 cores "
                            "wanted",
                            cores)});
}

double switches_per_second(Backend backend, std::size_t operations) {
  Body body;
  body.context = reinterpret_cast<void*>(operations);
  body.threads = 2;
  body.thread = [](void* n, std::uint32_t) {
    explore_bodies_explored.many_operations(reinterpret_cast<std::size_t>(n));
  };
  Options options;
  options.backend = backend;
  options.max_steps = 1'000'000'000;
  AlwaysSwitch scheduler;
  SharedLocations learned;
  Recording recording;
  run_schedule(body, scheduler, 1, options, learned, recording);
  const auto start = std::chrono::steady_clock::now();
  const Outcome outcome = run_schedule(body, scheduler, 1, options, learned, recording);
  return static_cast<double>(outcome.statistics.switches) / seconds_since(start);
}

void switches(Figures& figures) {
  figures.tell({"switches/fiber",
                in_child([] { return switches_per_second(Backend::fiber, 2'000'000); }).value / 1e6,
                "M/s",
                {},
                {},
                "each with an atomic operation, a choice and race detection; at least 10 wanted"});
  figures.tell({"switches/futex",
                in_child([] { return switches_per_second(Backend::futex, 100'000); }).value / 1e6,
                "M/s",
                {},
                {},
                "the same, threads of the kernel"});
}

void overhead(Figures& figures) {
  const auto timed = [](auto&& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return seconds_since(start);
  };
  const auto explored = [&](bool beside_another) {
    return in_child([&] {
      Body body;
      body.threads = 1;
      body.thread = [](void*, std::uint32_t) { explore_bodies_explored.sort(); };
      if (!beside_another) body.main = [](void*) { explore_bodies_explored.sort(); };
      AlwaysSwitch scheduler;
      SharedLocations learned;
      Recording recording;
      return timed([&] { run_schedule(body, scheduler, 1, {}, learned, recording); });
    });
  };
  const Measured native = in_child([&] { return timed(explore_bodies_native.sort); });
  const Measured alone = explored(false), beside = explored(true);
  figures.tell(
      {"explore-overhead/sort-alone",
       alone.value / native.value,
       "times",
       {},
       {},
       fmt::format("sort of 300,000 ints, -O0 without callbacks: {:.0f} ms; at most 10 wanted", native.value * 1e3)});
  figures.tell({"explore-overhead/sort-while-main-waits",
                beside.value / native.value,
                "times",
                {},
                {},
                "the same on a second thread: every access is checked for races"});
  figures.tell(
      {"explore-overhead/memory",
       static_cast<double>(beside.memory_bytes) / static_cast<double>(native.memory_bytes),
       "times",
       {},
       {},
       fmt::format("peak {:.1f} MB against {:.1f} MB; at most 4 wanted", static_cast<double>(beside.memory_bytes) / 1e6,
                   static_cast<double>(native.memory_bytes) / 1e6)});
}

}  // namespace
}  // namespace chicane::explore

int main(int count, char** arguments) {
  using namespace chicane::explore;
  double seconds = 2;
  std::string json_file;
  for (int i = 1; i < count; i += 2) {
    const std::string_view option = arguments[i];
    if (i + 1 == count || (option != "--seconds" && option != "--json"))
      die(fmt::format("usage: chicane-benchmark-{} [--seconds S] [--json FILE]", which));
    if (option == "--seconds")
      seconds = std::max(0.1, std::atof(arguments[i + 1]));
    else
      json_file = arguments[i + 1];
  }
  chicane::Figures figures;
  if (which == "schedules") schedules(figures, seconds);
  if (which == "switches") switches(figures);
  if (which == "explore-overhead") overhead(figures);
  if (!figures.write(json_file)) die("can't write " + json_file);
}
