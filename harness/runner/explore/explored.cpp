#include "harness/runner/explore/explored.h"

#include <algorithm>
#include <dlfcn.h>
#include <filesystem>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/personality.h>

#include "harness/explore/schedulers/round_robin.h"
#include "harness/explore/search/forked.h"

namespace chicane::explore {
namespace {

constexpr std::uint64_t default_schedules = 10'000;
constexpr unsigned long query = 0xffff'ffff;

template <typename Word>
Result<void> take(const char* what, const std::string& spelled, Word& into) {
  if (spelled.empty()) return {};
  if (const auto known = word<Word>(spelled)) {
    into = *known;
    return {};
  }
  return failure(fmt::format("unknown {} '{}'; known: {}", what, spelled, fmt::join(Spelling<Word>::names, ", ")));
}

}  // namespace

Result<Wanted> read_request(const TrialRequest& request, bool litmus) {
  Wanted wanted;
  const auto& asked = request.explore;
  auto& [search, options, limits] = wanted;
  if (litmus) options.memory_model = MemoryModel::relaxed;
  if (auto good = take("memory model", asked.memory_model, options.memory_model); !good)
    return std::unexpected(std::move(good.error()));
  if (auto good = take("kind of switch points", asked.switch_points, options.switch_points); !good)
    return std::unexpected(std::move(good.error()));
  if (auto good = take("backend", asked.backend, options.backend); !good)
    return std::unexpected(std::move(good.error()));
  if (!asked.strategy.empty() && asked.strategy != "portfolio") {
    Strategy only{};
    if (auto good = take("strategy", asked.strategy, only); !good) return std::unexpected(std::move(good.error()));
    search.only = only;
    if (asked.depth != 0) {
      search.pct_depth = asked.depth;
      search.dfs_bound = asked.depth - 1;
    }
  }
  if (asked.max_steps != 0) options.max_steps = asked.max_steps;
  search.seed = request.seed;
  search.schedules = asked.schedules != 0 ? asked.schedules : default_schedules;
  search.memory_model = options.memory_model;
  search.switch_points = options.switch_points;
  search.second_pass = asked.switch_points.empty();
  if (request.budget_ns != 0) limits.budget = std::chrono::nanoseconds(request.budget_ns);
  // A search of half a second must not spend ten on what it finds.
  limits.shrink_time = std::clamp(limits.budget * 2, std::chrono::nanoseconds(std::chrono::milliseconds(500)),
                                  std::chrono::nanoseconds(std::chrono::seconds(10)));
  limits.stop_at_first = asked.stop_at_first;
  return wanted;
}

std::vector<NamedMemory> scenario_memory(const Stage& stage, std::span<const std::byte> harness) {
  std::vector<NamedMemory> all;
  const auto add = [&](const char* type, const Memory& memory, std::vector<Field> fields) {
    if (memory.data() != nullptr)
      all.push_back({type, reinterpret_cast<std::uintptr_t>(memory.data()), memory.size(), std::move(fields)});
  };
  std::vector<Field> fields;
  const auto& expectation = stage.scenario().scenario.expectation;
  for (const auto* list : {&expectation.must, &expectation.may})
    for (const auto& expected : *list)
      if (expected.field && std::ranges::find(fields, *expected.field) == fields.end())
        fields.push_back(*expected.field);
  add("state", stage.state(), std::move(fields));
  add("environment", stage.environment(), {});
  all.push_back({"harness", reinterpret_cast<std::uintptr_t>(harness.data()), harness.size(), {}});
  return all;
}

// Thread 0 builds and checks; then come the workers, and after them what they start.
std::string worker_name(const Stage& stage, ThreadId thread) {
  if (thread == 0 || thread > stage.workers()) return {};
  const auto& roles = stage.scenario().scenario.roles;
  const auto role = stage.worker(thread - 1).role;
  if (roles.size() > 1 && role < roles.size()) return roles[role].name;
  return fmt::format("worker {}", thread - 1);
}

ScheduleFile schedule_of(const TrialRequest& request, std::uint64_t turns, const CodeMap& code) {
  ScheduleFile file;
  file.program = request.explore.program;
  file.seed = request.seed;
  if (!file.program.empty()) {
    if (!code.modules().empty()) file.build_id = code.modules().front().build_id;
    return file;
  }
  std::error_code error;
  const auto path = std::filesystem::absolute(request.plugin, error);
  file.scenario = request.scenario;
  file.plugin = error ? request.plugin : path.string();
  if (const auto* module = code.module_named(path.filename().string())) file.build_id = module->build_id;
  file.workers = request.parameters.workers;
  file.processes = request.parameters.worker_kind == WorkerKind::process;
  file.args = request.parameters.args;
  file.turns = turns;
  return file;
}

void fill_in(Trial& trial, const SearchSummary& summary, const Options& options) {
  const auto& confidence = summary.confidence;
  const auto seconds = static_cast<double>(summary.duration_ns) * 1e-9;
  const auto put = [&](const char* measure, double value) { trial.measures[measure] = value; };
  put("schedules", static_cast<double>(confidence.schedules));
  put("steps", static_cast<double>(confidence.steps));
  put("operations", static_cast<double>(confidence.schedules * trial.turns * trial.parameters.workers));
  if (seconds > 0) put("schedules_per_second", static_cast<double>(confidence.schedules) / seconds);
  put("schedules_with_findings", static_cast<double>(summary.with_findings));
  if (summary.first_finding != 0) put("first_finding_schedule", static_cast<double>(summary.first_finding));
  put("search_processes", static_cast<double>(summary.children));
  if (confidence.lost != 0) put("schedules_lost", static_cast<double>(confidence.lost));
  if (summary.uncontrolled != 0) put("uncontrolled_calls", static_cast<double>(summary.uncontrolled));
  put("exhausted", confidence.exhausted ? 1 : 0);
  put("addresses_fixed", addresses_are_fixed() ? 1 : 0);
  std::string says = in_words(confidence);
  if (options.memory_model == MemoryModel::relaxed) says += "; memory model: relaxed";
  if (!addresses_are_fixed())
    says += "; addresses were randomized (this host refuses to fix them), so code that depends on them may differ";
  if (!summary.not_repeatable.empty())
    says += "; not repeatable, so something outside of the scheduler's control differs: " + summary.not_repeatable;
  if (summary.uncontrolled != 0)
    says += fmt::format("; calls that could have waited outside of the scheduler's control: {}", summary.uncontrolled);
  if (summary.too_long != 0) says += fmt::format("; cut at {} steps: {}", options.max_steps, summary.too_long);
  if (!summary.could_not_run.empty()) says += "; the search ended early: " + summary.could_not_run;
  trial.searched = std::move(says);
}

std::string blindness(const RunnableScenario& scenario) {
  Dl_info plugin{};
  if (dladdr(reinterpret_cast<void*>(scenario.table.construct), &plugin) == 0) return {};
  void* const library = dlopen(plugin.dli_fname, RTLD_NOW | RTLD_NOLOAD);
  using Probe = void (*)(long*);
  const auto probe = library == nullptr ? nullptr : reinterpret_cast<Probe>(dlsym(library, "chicane_explore_probe"));
  if (probe == nullptr) return {};
  bool read = false, written = false;
  const auto end = in_child(
      [probe](int descriptor) {
        Body body;
        body.context = reinterpret_cast<void*>(probe);
        body.threads = 2;  // of one alone, nothing needs to be looked at
        body.thread = [](void* context, std::uint32_t) {
          static long value = 0;
          reinterpret_cast<Probe>(context)(&value);
        };
        RoundRobin scheduler;
        Options options;
        options.switch_points = SwitchPoints::all;
        SharedLocations learned;
        Trace trace;
        Recording recording{{}, &trace};
        run_schedule(body, scheduler, 1, options, learned, recording);
        for (const auto& step : trace) wire::send(descriptor, static_cast<std::uint32_t>(step.operation.kind), {});
      },
      std::chrono::seconds(10));
  for (const auto& message : end.messages) {
    read = read || message.kind == static_cast<std::uint32_t>(OperationKind::read);
    written = written || message.kind == static_cast<std::uint32_t>(OperationKind::write);
  }
  if (read && written) return {};
  return fmt::format(
      "{}: the explorer does not see its {}; compile it with -fsanitize=thread -O0 -mllvm "
      "-tsan-instrument-read-before-write=1 (CMake: chicane_explore_flags())",
      plugin.dli_fname,
      read      ? "writes"
      : written ? "reads that come before a write (++count)"
                : "accesses");
}

bool addresses_are_fixed() {
  const int now = personality(query);
  return now >= 0 && (now & ADDR_NO_RANDOMIZE) != 0;
}

void fix_addresses(char** arguments) {
  const int now = personality(query);
  if (now < 0 || (now & ADDR_NO_RANDOMIZE) != 0) return;
  if (personality(static_cast<unsigned long>(now) | ADDR_NO_RANDOMIZE) < 0) return;
  // Refused quietly by some filters: then this would go round for ever.
  if (!addresses_are_fixed()) return;
  std::error_code error;
  const auto own = std::filesystem::read_symlink("/proc/self/exe", error);
  execv(error ? "/proc/self/exe" : own.c_str(), arguments);
}

}  // namespace chicane::explore
