// What a team has agreed on: margins, lanes that must judge, findings that are known and waived for a time. One TOML
// file, chicane.toml (docs/gating-ci.md). The only place that includes the TOML library is policy.cpp.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/gate/decide.h"
#include "harness/model/error.h"
#include "harness/model/gate.h"

namespace chicane {

struct ScenarioRule {
  std::string glob;
  std::optional<double> margin, detect;
  std::vector<std::string> ignore;  // measures; "time" is wall_ns_per_operation
  std::string reason;               // for ignoring
};

struct Waiver {
  std::string scenario;             // glob
  std::optional<FindingKind> kind;  // absent: any
  std::string fingerprint;          // empty: any
  std::string reason;
  std::string until;  // "2026-12-31", the last day on which it holds
};

struct Policy {
  std::optional<double> margin, alpha, detect;
  std::vector<Lane> must_judge;
  std::map<std::string, double> measures;  // margins of measures beside time
  std::vector<ScenarioRule> rules;         // later ones count where two say something
  std::vector<Waiver> waivers;
};

// `file` for messages. An unknown key is an error that names the nearest known one; so are a waiver without a reason or
// a date, and a share that is not written like "2%".
Result<Policy> parse_policy(const std::string& text, const std::string& file);

// Margins and measures of one scenario.
void apply(const Policy& policy, GateSubject& subject);

// Marks findings that a waiver covers on `today` ("2026-11-22"); returns what is to be said: waivers used, run out, or
// never needed.
std::vector<std::string> waive(const Policy& policy, const std::string& today, std::vector<GateFinding>& findings);

// "2%" -> 0.02.
Result<double> parse_share(const std::string& text);

}  // namespace chicane
