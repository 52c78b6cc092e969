// Whether a candidate is worse than its baseline: gate.json in memory, with all rounds, so that the decision can be
// made again. Plain data. Ratios are candidate / baseline: 1.05 is 5 % more of the measure (slower, more memory).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/error.h"
#include "harness/model/run.h"

namespace chicane {

enum class GateVerdict : std::uint8_t {
  pass,          // not worse than the margin, and a slowdown of the asked size would have been found
  regression,    // worse than the margin
  improved,      // better than the margin
  inconclusive,  // a slowdown of the asked size could have been missed; `why` says what was in the way
  invalid,       // the comparison of the baseline with itself alarmed
  wrong,         // the candidate is not right
  missing,       // the candidate has no such scenario, or not with these parameters
  error,         // it could not be run
  not_compared,  // of an entry: nothing to compare it by, and that is agreed on
};
template <>
struct Spelling<GateVerdict> {
  static constexpr std::array<std::string_view, 9> names{"pass",  "regression", "improved", "inconclusive", "invalid",
                                                         "wrong", "missing",    "error",    "not_compared"};
};

// Rounds are taken for a purpose, and each is used for that one only: those that raise a suspicion cannot confirm it.
enum class GateStage : std::uint8_t { screening, confirming, other_layout };
template <>
struct Spelling<GateStage> {
  static constexpr std::array<std::string_view, 3> names{"screening", "confirming", "other_layout"};
};

// One pair of live processes. The unit of all statistics: slices within it share their processes' luck.
struct GateRound {
  GateStage stage = GateStage::screening;
  bool same = false;  // the baseline on both sides
  std::uint64_t seed = 0;
  std::map<std::string, double> log_ratios;  // by measure; of time the median over slice pairs
  double baseline_ns = 0, candidate_ns = 0;  // medians of their slices, an operation
  double paused_share = 0;                   // CPU that a paused side used, as a share of the other's slices
  double involuntary_switches = 0;           // of both sides: the CPU was taken from them
  std::int64_t duration_ns = 0;              // with its start
  bool operator==(const GateRound&) const = default;
};

struct GateMeasure {
  std::string name;  // "wall_ns_per_operation"
  double margin = 0.02;
  GateVerdict verdict = GateVerdict::inconclusive;
  std::string why;
  std::optional<double> ratio, low, high;  // Hodges–Lehmann with its 95 % interval
  std::uint32_t screening_rounds = 0, confirming_rounds = 0;
  std::optional<double> p_screening, p_confirming;  // of "worse than the margin"
  std::optional<double> detectable;                 // smallest ratio found with the stated power; absent: none
  std::optional<double> power;                      // of finding one of the asked size
  bool layout_excluded = false;                     // also slower when linked in another order
  bool operator==(const GateMeasure&) const = default;
};

struct GateEntry {
  std::string scenario;
  Parameters parameters;
  GateVerdict verdict = GateVerdict::inconclusive;
  std::string why;
  std::uint64_t turns = 0;            // of each worker in a slice
  std::vector<GateMeasure> measures;  // time first
  std::vector<GateRound> rounds;
  bool operator==(const GateEntry&) const = default;
};

struct GateFinding {  // what is not right about the candidate
  std::string scenario;
  Lane lane = Lane::bench;
  FindingKind kind = FindingKind::wrong_result;
  std::string fingerprint;
  std::string says;
  std::string waived;  // why it does not count, and until when; empty: it counts
  bool operator==(const GateFinding&) const = default;
};

struct GateOutcome {  // of a litmus scenario, in the stress lane: how many processes saw it
  std::string scenario;
  Parameters parameters;
  std::string outcome;
  Grade grade = Grade::undeclared;
  std::uint64_t baseline_seen = 0, baseline_processes = 0;
  std::uint64_t candidate_seen = 0, candidate_processes = 0;
  double p = 1;  // of so many more of the candidate's, were there no difference
  bool operator==(const GateOutcome&) const = default;
};

struct GateAsked {
  double margin = 0.02, alpha = 0.01, detect = 0.05, power = 0.95;
  std::uint32_t rounds = 12, most_rounds = 48, pairs = 20;
  std::int64_t slice_ns = 3'000'000, budget_ns = 0;
  bool operator==(const GateAsked&) const = default;
};

struct GateControl {  // the baseline against itself
  std::uint32_t rounds = 0;
  std::optional<double> ratio, p_slower, p_faster;  // against the margin
  bool alarm = false;
  bool operator==(const GateControl&) const = default;
};

struct GateResult {
  std::string started, ended;
  std::int64_t duration_ns = 0;
  std::uint64_t seed = 0;
  std::string tool_version, tool_revision;
  std::vector<std::string> command;
  std::string baseline, candidate;  // as named by the user
  bool stored = false;              // two run files; else a duet
  GateAsked asked;
  Host host;
  std::optional<double> foreign_cpu_percent;  // of all CPUs' time, used by others
  std::optional<double> throttled_percent;    // of its length, by a limit of the control group
  GateControl control;
  GateVerdict verdict = GateVerdict::inconclusive;
  std::string why;
  std::vector<std::string> noise;  // what of the host may have spoilt it
  std::vector<GateEntry> entries;
  std::vector<GateFinding> findings;
  std::vector<GateOutcome> outcomes;  // of litmus scenarios that both have
  std::vector<std::string> unjudged;  // what a lane that must judge did not, and why
  std::vector<std::string> notes;
  bool operator==(const GateResult&) const = default;
};

std::string to_json(const GateResult& result);
Result<GateResult> parse_gate(std::string_view text);

}  // namespace chicane
