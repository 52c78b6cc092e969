// A scenario as the harness knows it: what `runner --describe` says of it. Plain data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/words.h"

namespace chicane {

struct Field {  // a member of the state
  std::string name;
  std::uint64_t offset_bytes = 0;
  std::uint64_t size_bytes = 0;
  bool operator==(const Field&) const = default;
};

struct ExpectedFinding {
  FindingKind kind = FindingKind::data_race;
  std::string at;              // function or global; empty: anywhere
  std::optional<Field> field;  // only this memory of the state
  std::uint32_t min_workers = 1;
  std::vector<Lane> lanes;  // that must see it; empty: as the judge's table of lanes says
  std::string reason;       // of a `may`
  bool operator==(const ExpectedFinding&) const = default;
};

struct NotJudged {
  Lane lane = Lane::bench;
  std::string reason;
  bool operator==(const NotJudged&) const = default;
};

struct Expectation {
  std::vector<ExpectedFinding> must;
  std::vector<ExpectedFinding> may;
  std::vector<NotJudged> not_judged;
  bool operator==(const Expectation&) const = default;
};

struct Role {
  std::string name;
  std::uint32_t exactly = 0;  // 0: shares the rest
  bool operator==(const Role&) const = default;
};

struct Axis {
  std::string name;
  std::vector<std::int64_t> values;
  bool operator==(const Axis&) const = default;
};

struct DeclaredOutcome {  // of a litmus scenario
  std::string outcome;    // "0,1"
  Grade grade = Grade::acceptable;
  std::string reason;
  bool operator==(const DeclaredOutcome&) const = default;
};

struct Scenario {
  std::string id;      // "family/name"
  std::string says;    // one line
  std::string source;  // "scenarios/counter/unlocked.cpp:8"
  Expectation expectation;
  std::vector<WorkerKind> worker_kinds;
  std::uint32_t min_workers = 1;
  std::uint32_t exactly_workers = 0;  // 0: not fixed
  std::uint32_t workers_multiple_of = 1;
  std::vector<std::uint32_t> also_workers;
  std::vector<Role> roles;
  std::vector<Axis> axes;
  std::vector<std::string> tags;
  std::string operation;  // what one turn does; empty: the same in all of the family
  std::uint64_t items_per_operation = 0;
  std::uint64_t bytes_per_operation = 0;
  std::uint64_t time_limit_ns = 0;        // of one trial; 0: the harness's own
  std::vector<std::string> program;       // a program of its own: its command, with {folder} and {AXIS} in it
  std::vector<DeclaredOutcome> outcomes;  // of a litmus scenario, whose roles are its actors; empty: workers loop
  std::string latency;                    // what its workers record as one latency; empty: none
  std::string by_hand;                    // why it may be slower than a library's; empty: it is not written by hand
  std::string scales_with;                // "workers" or an axis: what throughput is to grow with; empty: nothing

  std::string family() const { return id.substr(0, id.find('/')); }
  bool has_tag(const std::string& tag) const {
    for (const auto& own : tags)
      if (own == tag) return true;
    return false;
  }
  bool operator==(const Scenario&) const = default;
};

// A plugin file as `runner --describe` found it.
struct PluginDescription {
  std::string file;  // as given
  std::string name;  // base name without "lib" and ".so"
  Build build = Build::plain;
  std::string build_id;  // GNU build id, hex; empty: none
  std::string compiler;
  std::vector<Scenario> scenarios;
  bool operator==(const PluginDescription&) const = default;
};

}  // namespace chicane
