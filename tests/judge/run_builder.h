// Runs in memory, for tests of the judge: a scenario, what its trials found, and nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "harness/judge/judge.h"
#include "harness/model/run.h"

namespace chicane::test {

inline Stack stack_of(const std::string& function, std::uint32_t line = 12) {
  return {{"int std::__invoke<int>(int)", "/usr/include/c++/12/bits/invoke.h", 5, 1, "counter.so"},
          {function, "scenarios/counter/unlocked.cpp", line, 1, "counter.so"}};
}

// A race of `function` with itself on 8 bytes of the state.
inline Finding race(const std::string& function, std::uint64_t offset = 0, const std::string& member = "total",
                    std::uint32_t size = 8) {
  Finding finding;
  finding.kind = FindingKind::data_race;
  Access access;
  access.write = true;
  access.size_bytes = size;
  access.stack = stack_of(function);
  finding.evidence.accesses = {access, access};
  finding.evidence.location = Location{"state", member, offset, 64, {}};
  return finding;
}

inline Finding finding(FindingKind kind, const std::string& name = "", const std::string& message = "") {
  Finding one;
  one.kind = kind;
  one.name = name;
  one.evidence.message = message;
  return one;
}

inline ExpectedFinding expected(FindingKind kind, const std::string& at = "", std::uint32_t min_workers = 1) {
  ExpectedFinding one;
  one.kind = kind;
  one.at = at;
  one.min_workers = min_workers;
  return one;
}

// One scenario in one lane.
class RunBuilder {
 public:
  explicit RunBuilder(Lane lane) : lane_(lane) {
    run_.complete = true;
    run_.lanes = {lane};
    run_.scenarios.resize(1);
    run_.scenarios[0].id = "counter/unlocked";
  }
  RunBuilder& must(ExpectedFinding each) {
    run_.scenarios[0].expectation.must.push_back(std::move(each));
    return *this;
  }
  RunBuilder& may(ExpectedFinding each, const std::string& reason) {
    each.reason = reason;
    run_.scenarios[0].expectation.may.push_back(std::move(each));
    return *this;
  }
  // `count` trials, each with these findings (equal ones are stored once).
  RunBuilder& trials(std::uint32_t count, std::uint32_t workers, const std::vector<Finding>& findings = {},
                     TrialStatus status = TrialStatus::completed, const std::string& detail = "") {
    for (std::uint32_t i = 0; i < count; ++i) {
      Trial trial;
      trial.id = "t" + std::to_string(run_.trials.size());
      trial.scenario = run_.scenarios[0].id;
      trial.lane = lane_;
      trial.parameters.workers = workers;
      trial.status = status;
      trial.status_detail = detail;
      trial.turns = 1000;
      for (const Finding& each : findings) trial.findings.push_back({"f" + std::to_string(store(each)), 3});
      run_.trials.push_back(std::move(trial));
    }
    return *this;
  }
  Run& run() { return run_; }
  ScenarioVerdict verdict() const { return judge(run_).at(0); }

 private:
  std::size_t store(const Finding& one) {
    for (std::size_t i = 0; i < run_.findings.size(); ++i)
      if (run_.findings[i] == one) return i;
    run_.findings.push_back(one);
    return run_.findings.size() - 1;
  }
  Lane lane_;
  Run run_;
};

}  // namespace chicane::test
