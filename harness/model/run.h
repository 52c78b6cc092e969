// All trials of one invocation on one host, with host and build facts, verdicts and summaries: run.json in memory.
// Plain data. Ids are positions: hosts "h0"…, builds "b0"…, findings "f0"…, trials "t0"….
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/finding.h"
#include "harness/model/scenario.h"
#include "harness/model/trial.h"

namespace chicane {

struct Cache {
  std::uint32_t level = 0;
  std::string type;  // "Data", "Instruction", "Unified"
  std::uint64_t size_bytes = 0;
  std::uint32_t shared_by_cpus = 0;
  bool operator==(const Cache&) const = default;
};

struct HostLoad {  // sampled before, during (mean over samples) or after the run
  double load_1min = 0;
  std::optional<double>
      cpu_pressure_some_percent;  // /proc/pressure/cpu, share of the interval; absent: kernel has none
  std::optional<double> steal_percent;
  bool operator==(const HostLoad&) const = default;
};

struct Host {
  std::string id;
  std::string fingerprint;  // hash of what makes timings comparable: CPU, cores, memory, kernel, virtualization
  std::string cpu;
  std::uint32_t cores = 0;    // this process may run on
  std::uint32_t sockets = 0;  // 0: unknown
  std::uint32_t threads_per_core = 0;
  std::vector<Cache> caches;
  std::uint64_t memory_bytes = 0;
  std::string kernel;
  std::string os;
  std::optional<std::string> governor;
  std::optional<bool> turbo;
  std::string virtualization;  // "none", "kvm", "container", …
  bool virtualized = false;
  std::optional<int> aslr;  // /proc/sys/kernel/randomize_va_space
  HostLoad before;
  HostLoad during;
  bool operator==(const Host&) const = default;
};

struct BuildFact {
  std::string id;
  std::string plugin;  // PluginDescription::name
  Build build = Build::plain;
  std::string build_id;
  std::string compiler;
  std::string flags;  // as the tree says; empty: unknown
  bool operator==(const BuildFact&) const = default;
};

struct Source {  // lines around a frame, so that a report can be made from the run alone
  std::string file;
  std::uint32_t first_line = 1;
  std::vector<std::string> lines;
  bool operator==(const Source&) const = default;
};

// Median of one measure over rounds.
struct Estimate {
  double median = 0;
  std::optional<double> low, high;  // 95 % interval; absent with fewer than 6 rounds
  std::uint32_t rounds = 0;
  bool operator==(const Estimate&) const = default;
};

struct Summary {  // bench: one scenario with one set of parameters
  std::string scenario;
  Lane lane = Lane::bench;
  Parameters parameters;
  bool oversubscribed = false;
  bool right = true;  // no finding in any of its trials and none declared that it must show; only right ones are ranked
  std::string why_not_ranked;
  std::map<std::string, Estimate> measures;
  std::map<std::string, Estimate> counters;
  std::string host = {};   // of merged runs from several hosts, whose timings stay apart; else empty
  std::string build = {};  // of merged runs from several builds, likewise
  bool operator==(const Summary&) const = default;
};

struct Fitted {  // with its 95 % interval
  double value = 0, low = 0, high = 0;
  bool operator==(const Fitted&) const = default;
};

struct FitPoint {
  std::uint32_t size = 0;  // workers, or the axis's value
  double operations_per_second = 0;
  bool oversubscribed = false;
  bool operator==(const FitPoint&) const = default;
};

// How a scenario's throughput grows with its workers (or an axis). Formulas: harness/statistics/scalability.h.
struct Fit {
  std::string scenario;
  WorkerKind worker_kind = WorkerKind::thread;
  std::string with;                          // "workers", or the axis
  std::map<std::string, std::int64_t> args;  // the other axes
  std::string host, build;                   // as of its summaries
  std::vector<FitPoint> points;              // ascending
  std::string why_not;                       // there is no law below; empty: there is
  std::optional<Fitted> one_alone;           // operations per second of one worker, lambda
  std::optional<Fitted> contention;          // sigma
  std::optional<Fitted> coherence;           // kappa
  std::optional<double> peak_size;           // where throughput is largest, and how large it is there
  std::optional<double> peak_operations_per_second;
  std::string why_no_peak;
  std::optional<Fitted> serial_share;    // of Amdahl's law
  std::optional<double> largest_misfit;  // of a point, as a share of what the law says
  bool operator==(const Fit&) const = default;
};

struct VerdictDetail {
  Parameters parameters;
  Verdict verdict = Verdict::not_judged;
  std::string why;
  std::uint32_t trials = 0;
  bool operator==(const VerdictDetail&) const = default;
};

struct Confidence {             // what a verdict rests on
  std::uint32_t processes = 0;  // completed trials
  std::uint64_t operations = 0;
  std::string says;  // in words
  bool operator==(const Confidence&) const = default;
};

struct ScenarioVerdict {
  std::string scenario;
  Lane lane = Lane::bench;
  Verdict verdict = Verdict::not_judged;
  std::string why;
  Confidence confidence;
  std::vector<std::string> declared;    // ids of findings that were declared
  std::vector<std::string> undeclared;  // ids of findings that were not
  std::vector<VerdictDetail> detail;
  bool operator==(const ScenarioVerdict&) const = default;
};

// A scenario × lane that was asked for and has no trials. With `error` it should have had some (verdict `error`),
// without, this lane can't judge it here (verdict `not_judged`).
struct Gap {
  std::string scenario;
  Lane lane = Lane::bench;
  bool error = false;
  std::string reason;
  bool operator==(const Gap&) const = default;
};

// How what tutorials say fares here. Inconclusive: the interval is on both sides of the limit.
enum class ClaimGrade : std::uint8_t { holds, does_not_hold, inconclusive, not_measured };
template <>
struct Spelling<ClaimGrade> {
  static constexpr std::array<std::string_view, 4> names{"holds", "does_not_hold", "inconclusive", "not_measured"};
};

struct Claim {
  std::string id;        // "two-threads-halve-waiting"
  std::string language;  // whose programs were measured: "C++", "CPython"
  std::string says;      // as tutorials say it
  std::string figure;    // what was measured, in words
  std::string unit;      // "×", "%"; empty: a number of them
  std::optional<double> value;
  std::optional<double> low, high;  // 95 % interval; absent: what was counted has none
  std::string holds_if;             // the limit, in words
  ClaimGrade grade = ClaimGrade::not_measured;
  std::string why;                     // of a grade that the figure does not tell
  std::vector<std::string> scenarios;  // that it was measured with
  bool operator==(const Claim&) const = default;
};

// One place of the table of what to use: a kind of work done in one way, against one step after the other.
struct Choice {
  std::string language, work, way;  // "C++", "waiting", "threads"
  std::string scenario;
  std::optional<double> relative_time;  // 1: as long as in sequence; absent: why
  std::optional<double> low, high;      // 95 % interval
  std::optional<double> bytes;          // what one worker of this way takes of memory while it waits; absent: not known
  bool best = false;                    // the interval of its time over each other way's is below 1
  std::string why;
  std::optional<double> time_ns;  // of one operation, the median over rounds
  bool operator==(const Choice&) const = default;
};

// One of the runs that a merged one was made of.
struct Origin {
  std::string id;
  std::string file;  // as it was named when they were merged
  std::string started, ended;
  std::uint64_t seed = 0;
  bool complete = false;
  std::string tool_version, tool_revision;
  std::vector<std::string> command;
  std::vector<std::string> hosts;  // ids in the merged run: no two runs share one, so a trial's host tells its run
  bool operator==(const Origin&) const = default;
};

struct Run {
  std::string id;
  std::string started;  // RFC 3339, UTC
  std::string ended;
  std::int64_t duration_ns = 0;        // from the tool's start until its results were judged
  std::int64_t outside_trials_ns = 0;  // the part of it in which no trial was running: the harness's own share
  std::uint64_t seed = 0;
  bool complete = false;
  std::string tool_version;
  std::string tool_revision;
  std::vector<std::string> command;  // as called
  std::vector<Lane> lanes;           // asked for
  std::vector<Origin> merged_from;   // empty: it is one run
  std::vector<Host> hosts;
  std::vector<BuildFact> builds;
  std::vector<Scenario> scenarios;
  std::vector<Finding> findings;
  std::vector<Source> sources;
  std::vector<Trial> trials;
  std::vector<Gap> gaps;
  std::vector<ScenarioVerdict> verdicts;
  std::vector<Summary> summaries;
  std::vector<Fit> fits;
  std::vector<Claim> claims;
  std::vector<Choice> choices;
  std::vector<std::string> notes;  // what a reader must know: lanes left out and why
  std::string unknown;             // members of the file that this version does not know, as JSON text; kept
  bool operator==(const Run&) const = default;
};

}  // namespace chicane
