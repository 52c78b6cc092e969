// What is kept of runs over time: the bench lane's figures and the verdicts, without trials. Plain data, and as JSON
// ("chicane.history/1", reports/schema/history.schema.json).
#pragma once

#include <string>
#include <vector>

#include "harness/model/run.h"

namespace chicane {

struct HistoryBuild {
  std::string plugin;
  Build build = Build::plain;
  std::string build_id;
  bool operator==(const HistoryBuild&) const = default;
};

struct HistoryValue {  // of a bench summary
  std::string scenario;
  Parameters parameters;
  std::string measure;  // "wall_ns_per_operation"; the author's own as "counters.NAME"
  Estimate value;
  bool right = true;  // as Summary::right
  bool operator==(const HistoryValue&) const = default;
};

struct HistoryVerdict {
  std::string scenario;
  Lane lane = Lane::bench;
  Verdict verdict = Verdict::not_judged;
  bool operator==(const HistoryVerdict&) const = default;
};

struct HistoryRun {
  std::string id;                     // Run::id
  std::string started, ended, added;  // RFC 3339, UTC
  std::string commit;                 // of the code that was run; "unknown"
  std::string host;                   // fingerprint
  std::string cpu;
  std::string tool_version, tool_revision;  // of Chicane
  std::vector<HistoryBuild> builds;
  std::vector<HistoryValue> values;
  std::vector<HistoryVerdict> verdicts;
  bool operator==(const HistoryRun&) const = default;
};

struct History {
  std::vector<HistoryRun> runs;  // by start
  bool operator==(const History&) const = default;
};

std::string to_json(const History& history);

}  // namespace chicane
