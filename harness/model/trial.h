// One execution of a scenario in a lane with one set of parameters, in a process of its own. Plain data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/finding.h"
#include "harness/model/name.h"
#include "harness/model/scenario.h"
#include "harness/model/values.h"
#include "harness/model/words.h"

namespace chicane {

// What distinguishes two trials of one scenario besides round and seed.
struct Parameters {
  WorkerKind worker_kind = WorkerKind::thread;
  std::uint32_t workers = 1;
  std::map<std::string, std::int64_t> args;  // by axis name
  auto operator<=>(const Parameters&) const = default;
};

enum class Placement : std::uint8_t { free, distinct, same };  // how workers are pinned to CPUs
template <>
struct Spelling<Placement> {
  static constexpr std::array<std::string_view, 3> names{"free", "distinct", "same"};
};

// What the explore lane is asked for besides; empty and 0: what it does by itself. The words are the explorer's own.
struct ExploreRequest {
  std::string strategy;              // "pos", "pct", …; else the portfolio
  std::uint32_t depth = 0;           // of pct; of dfs: preemptions, plus one
  std::uint64_t schedules = 0;       // at most; else as many as fit the budget
  std::string memory_model;          // "sc", "relaxed"
  std::string switch_points;         // "sync", "shared", "all"
  std::string backend;               // "fiber", "futex"
  std::uint64_t max_steps = 0;       // of one schedule
  bool stop_at_first = false;        // finding
  std::vector<std::string> program;  // and its arguments, instead of a plugin's scenario
  bool operator==(const ExploreRequest&) const = default;
};

// One side of a duet (duet.h): two runners that take turns. No pairs: none.
struct DuetRequest {
  std::string board;          // file that both map
  std::uint32_t side = 0;     // 0: baseline, 1: candidate
  std::uint32_t pairs = 0;    // of slices, besides a first one that is thrown away
  std::uint64_t padding = 0;  // bytes of environment more, so that stacks lie elsewhere in every round
  bool operator==(const DuetRequest&) const = default;
};

// All a runner needs to run one trial; crosses to it as one JSON argument.
struct TrialRequest {
  std::string plugin;  // file
  std::string scenario;
  Lane lane = Lane::bench;
  Parameters parameters;
  std::uint64_t seed = 0;
  std::uint64_t turns = 0;          // of each worker; 0 in bench: calibrate, elsewhere: as many as fit the budget
  std::uint64_t budget_ns = 0;      // time aimed at for calibration (bench) or for the repetitions (other lanes)
  std::uint64_t wall_limit_ns = 0;  // after which the driver ends the process; 0: the driver's own
  Placement placement = Placement::free;
  std::vector<int> cpus;                          // that workers may be pinned to
  std::vector<std::string> allow_uninstrumented;  // names of libraries accepted without instrumentation
  ExploreRequest explore;
  DuetRequest duet;                  // bench, with `turns` those of one slice
  std::vector<std::string> program;  // bench: a program of its own and its arguments, instead of a plugin's scenario
  bool operator==(const TrialRequest&) const = default;
};

struct WorkerRecord {
  std::uint32_t index = 0;
  std::uint32_t role = 0;
  std::uint64_t operations = 0;
  std::int64_t begin_ns = 0;  // from the region's first begin
  std::int64_t end_ns = 0;
  int first_cpu = -1;
  int last_cpu = -1;
  std::optional<std::uint32_t> migrations =
      std::nullopt;  // to other CPUs, as the kernel counted them; nothing where it does not tell
  bool operator==(const WorkerRecord&) const = default;
};

struct SeenFinding {
  std::string ref;  // Finding's id in the run ("f0"); its index there is Run::findings' position
  std::uint64_t count = 1;
  bool operator==(const SeenFinding&) const = default;
};

struct OutcomeCount {  // of a litmus scenario
  std::string outcome;
  Grade grade = Grade::undeclared;
  std::uint64_t count = 0;  // turns that ended so; 0: declared and not seen
  bool operator==(const OutcomeCount&) const = default;
};

struct NotLookedFor {  // what this lane looks for, and could not here
  FindingKind kind = FindingKind::leak;
  std::string reason;
  bool operator==(const NotLookedFor&) const = default;
};

struct Output {  // of the scenario, captured with a bound
  std::string stdout_tail;
  std::string stderr_tail;
  std::uint64_t stdout_bytes = 0;  // in all
  std::uint64_t stderr_bytes = 0;
  bool operator==(const Output&) const = default;
};

struct Trial {
  std::string id;  // "t17"
  Name plan;       // "p9": trials of one plan differ in round and seed only
  Name scenario;
  Lane lane = Lane::bench;
  Name host;   // Run::hosts
  Name build;  // Run::builds
  Parameters parameters;
  std::uint32_t round = 0;
  std::uint64_t seed = 0;
  bool oversubscribed = false;  // more workers than cores
  bool calibration = false;     // found how many turns fit; of its measures only those of hardware.h count
  Name not_counted;             // what of hardware_events the host did not let it count, and why; empty: nothing
  Name judged_as;               // "threads over one shared mapping" where workers were not of the declared kind
  Name searched;                // explore: how schedules were chosen and what that proves, in words
  Placement placement = Placement::free;
  TrialStatus status = TrialStatus::not_run;
  std::string status_detail;     // in words; empty when completed
  std::int64_t duration_ns = 0;  // of the process
  std::uint64_t turns = 0;       // of each worker
  std::vector<WorkerRecord> workers;
  std::vector<SeenFinding> findings;
  std::vector<NotLookedFor> not_looked_for;  // kinds whose absence from this trial says nothing
  std::vector<OutcomeCount> outcomes;        // of a litmus scenario: all declared ones, then what else was seen
  Values measures;                           // names carry units: docs/formats.md
  Values counters;                           // the author's own
  Output output;
  bool operator==(const Trial&) const = default;
};

}  // namespace chicane
