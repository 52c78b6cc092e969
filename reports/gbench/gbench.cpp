// Google Benchmark's JSON, so that its compare.py and the dashboards that read it go on working: one entry a round of
// the bench lane, then mean, median, stddev and cv of the rounds. Wrong answers carry error_occurred and have no
// aggregates.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "reports/json_text.h"
#include "reports/render.h"

namespace chicane {
namespace reports::gbench {
namespace {

using Shape = JsonText::Shape;

// A set of parameters on one host with one build: what Google Benchmark calls an instance.
struct Instance {
  const Trial* first = nullptr;
  std::string name;
  std::vector<const Trial*> rounds;
  std::string wrong;  // why its answer is none
  std::size_t family = 0, in_family = 0;
};

std::optional<double> value_of(const Trial& trial, const char* measure) {
  const auto found = trial.measures.find(measure);
  if (found == trial.measures.end() || !std::isfinite(found->second)) return std::nullopt;
  return found->second;
}

// Wall time per operation of all workers, the ranked measure.
std::optional<double> real_time(const Trial& trial) { return value_of(trial, "wall_ns_per_operation"); }
// 0 where nobody measured it, because readers take it for granted.
double cpu_time(const Trial& trial) { return value_of(trial, "cpu_ns_per_operation").value_or(0); }

std::string name_of(const Trial& trial, const Run& run, bool several_builds) {
  std::string text = trial.scenario;
  for (const auto& [axis, value] : trial.parameters.args) text += fmt::format("/{}:{}", axis, value);
  text += fmt::format("/{}:{}", trial.parameters.worker_kind == WorkerKind::process ? "processes" : "workers",
                      trial.parameters.workers);
  // Never one name for figures of two hosts or builds: readers would take them for repetitions.
  if (run.hosts.size() > 1) text += "/host:" + trial.host.str();
  if (several_builds) text += "/build:" + trial.build.str();
  return text;
}

std::vector<Instance> instances(const Run& run) {
  std::map<std::string_view, std::set<std::string_view>> builds;
  const auto counts = [](const Trial& trial) {
    return trial.lane == Lane::bench && !trial.calibration && trial.status == TrialStatus::completed &&
           real_time(trial).has_value();
  };
  for (const auto& trial : run.trials)
    if (counts(trial)) builds[trial.scenario].insert(trial.build);
  std::map<std::pair<std::string_view, Parameters>, std::string_view> wrong;
  for (const auto& summary : run.summaries)
    if (!summary.right)
      wrong.emplace(std::pair(std::string_view(summary.scenario), summary.parameters), summary.why_not_ranked);
  std::map<std::string_view, std::pair<std::size_t, std::size_t>> families;  // position, and instances so far
  std::map<std::tuple<std::string_view, std::string_view, std::string_view, Parameters>, std::size_t> positions;
  std::vector<Instance> all;
  for (const auto& trial : run.trials) {
    if (!counts(trial)) continue;
    const auto [at, is_new] =
        positions.try_emplace({trial.scenario, trial.host, trial.build, trial.parameters}, all.size());
    if (is_new) {
      auto& own = all.emplace_back();
      own.first = &trial;
      own.name = name_of(trial, run, builds[trial.scenario].size() > 1);
      auto& family = families.try_emplace(trial.scenario, families.size(), 0).first->second;
      own.family = family.first, own.in_family = family.second++;
      if (const auto why = wrong.find({trial.scenario, trial.parameters}); why != wrong.end())
        own.wrong = why->second.empty() ? std::string("not right") : std::string(why->second);
    }
    all[at->second].rounds.push_back(&trial);
  }
  return all;
}

// The names that Google Benchmark gives a meaning; a counter of such a name is told under another.
bool is_taken(std::string_view name) {
  static constexpr std::array<std::string_view, 18> taken{"name",
                                                          "family_index",
                                                          "per_family_instance_index",
                                                          "run_name",
                                                          "run_type",
                                                          "repetitions",
                                                          "repetition_index",
                                                          "threads",
                                                          "aggregate_name",
                                                          "aggregate_unit",
                                                          "iterations",
                                                          "real_time",
                                                          "cpu_time",
                                                          "time_unit",
                                                          "error_occurred",
                                                          "error_message",
                                                          "label",
                                                          "items_per_second"};
  return name.empty() || std::ranges::find(taken, name) != taken.end();
}

// All other figures of a round, by the names that they have in the entry.
std::map<std::string, double> figures_of(const Trial& trial) {
  std::map<std::string, double> all;
  for (const auto& [name, value] : trial.measures)
    if (!is_taken(name) && name != "wall_ns_per_operation" && name != "cpu_ns_per_operation") all[name] = value;
  for (const auto& [name, value] : trial.counters)
    all[is_taken(name) || trial.measures.contains(name) ? "counter_" + name : name] = value;
  // An operation is one item where the scenario says nothing else.
  const auto items = value_of(trial, "items_per_second");
  if (const auto rate = items ? items : value_of(trial, "operations_per_second")) all["items_per_second"] = *rate;
  std::erase_if(all, [](const auto& one) { return !std::isfinite(one.second); });
  return all;
}

void begin_entry(JsonText& json, const Instance& own, std::string_view aggregate) {
  json.text("name", aggregate.empty() ? own.name : fmt::format("{}_{}", own.name, aggregate));
  json.number("family_index", own.family);
  json.number("per_family_instance_index", own.in_family);
  json.text("run_name", own.name);
  json.text("run_type", aggregate.empty() ? "iteration" : "aggregate");
  json.number("repetitions", own.rounds.size());
}

void write_round(JsonText& json, const Instance& own, std::size_t index) {
  const auto& trial = *own.rounds[index];
  const auto entry = json.object();
  begin_entry(json, own, {});
  json.number("repetition_index", index);
  json.number("threads", trial.parameters.workers);
  if (!own.wrong.empty()) {
    json.boolean("error_occurred", true);
    json.text("error_message", own.wrong);
  }
  json.number("iterations", trial.turns);
  json.number("real_time", real_time(trial).value_or(0));
  json.number("cpu_time", cpu_time(trial));
  json.text("time_unit", "ns");
  for (const auto& [name, value] : figures_of(trial)) json.number(name, value);
}

struct Moments {
  std::vector<double> values;
  double mean() const {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
  }
  double median() const {
    auto sorted = values;
    std::ranges::sort(sorted);
    const auto half = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
  double stddev() const {
    const double centre = mean();
    double squares = 0;
    for (const double value : values) squares += (value - centre) * (value - centre);
    return std::sqrt(squares / static_cast<double>(values.size() - 1));
  }
  double cv() const { return mean() == 0 ? 0 : stddev() / mean(); }
};

struct Aggregate {
  const char* name;
  const char* unit;
  double (Moments::*of)() const;
};
constexpr std::array<Aggregate, 4> aggregates{{{"mean", "time", &Moments::mean},
                                               {"median", "time", &Moments::median},
                                               {"stddev", "time", &Moments::stddev},
                                               {"cv", "percentage", &Moments::cv}}};

void write_aggregates(JsonText& json, const Instance& own) {
  if (own.rounds.size() < 2 || !own.wrong.empty()) return;
  Moments real, cpu;
  std::map<std::string, Moments> others;
  for (const auto* trial : own.rounds) {
    real.values.push_back(*real_time(*trial));
    cpu.values.push_back(cpu_time(*trial));
    for (const auto& [name, value] : figures_of(*trial)) others[name].values.push_back(value);
  }
  for (const auto& aggregate : aggregates) {
    const auto entry = json.object();
    begin_entry(json, own, aggregate.name);
    json.number("threads", own.first->parameters.workers);
    json.text("aggregate_name", aggregate.name);
    json.text("aggregate_unit", aggregate.unit);
    json.number("iterations", own.rounds.size());
    json.number("real_time", (real.*aggregate.of)());
    json.number("cpu_time", (cpu.*aggregate.of)());
    json.text("time_unit", "ns");
    for (const auto& [name, moments] : others)
      if (moments.values.size() == own.rounds.size()) json.number(name, (moments.*aggregate.of)());
  }
}

void write_context(JsonText& json, const Run& run) {
  const auto context = json.object("context");
  json.text("date", run.started);
  json.text("executable", run.command.empty() ? std::string("chicane") : run.command.front());
  json.text("chicane_version", run.tool_version);
  json.text("chicane_run", run.id);
  if (run.hosts.empty()) return;
  const auto& host = run.hosts.front();
  // A name that tells hosts apart and no more: runs don't hold the machine's own.
  json.text("host_name", "chicane-host-" + host.fingerprint);
  json.number("num_cpus", host.cores);
  if (host.governor) json.boolean("cpu_scaling_enabled", *host.governor != "performance");
  {
    const auto caches = json.array("caches");
    for (const auto& cache : host.caches) {
      const auto one = json.object({}, Shape::line);
      json.text("type", cache.type);
      json.number("level", cache.level);
      json.number("size", cache.size_bytes);
      json.number("num_sharing", cache.shared_by_cpus);
    }
  }
  const auto load = json.array("load_avg", Shape::line);
  json.number({}, host.before.load_1min);
}

}  // namespace
}  // namespace reports::gbench

std::string render_gbench(const Run& run) {
  using namespace reports;
  JsonText json;
  {
    const auto file = json.object();
    gbench::write_context(json, run);
    const auto benchmarks = json.array("benchmarks");
    for (const auto& own : gbench::instances(run)) {
      for (std::size_t i = 0; i < own.rounds.size(); ++i) gbench::write_round(json, own, i);
      gbench::write_aggregates(json, own);
    }
  }
  return std::move(json).take() + "\n";
}

}  // namespace chicane
