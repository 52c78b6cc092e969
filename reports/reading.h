// What a reader asks of a run, answered once for all formats: is it all right, what needs attention, how often was a
// finding seen and where. Views into the run, which must outlive them; read-only, so threads may share them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/model/run.h"

namespace chicane::reports {

struct Occurrence {  // of one finding, in one scenario and lane
  const Scenario* scenario = nullptr;
  std::string_view scenario_id;
  Lane lane = Lane::bench;
  std::uint32_t seen = 0;  // trials that showed it
  std::uint32_t of = 0;    // trials that told something, with workers enough for what is declared
  struct Share {
    std::uint32_t seen = 0, of = 0;
  };
  std::map<Parameters, Share> by_parameters;
  std::uint64_t first_trial = 0;  // position of the first trial that showed it
};

enum class Standing { undeclared, declared, allowed };  // allowed: by a `may`

struct FindingView {
  const Finding* finding = nullptr;
  std::string id;  // "f3"
  Standing standing = Standing::undeclared;
  std::string allowed_because;  // the reason of the `may`
  std::vector<Occurrence> occurrences;
};

struct Counts {
  std::uint32_t pass = 0, fail = 0, missed = 0, not_judged = 0, error = 0;
  std::uint32_t& of(Verdict verdict);
};

// "3 of 18 scenarios are not as declared", "could not be run: …". `detail` and `remark` may be empty.
struct Headline {
  std::string says;
  std::string detail;
  std::string remark;
  std::string sentence() const;
};

class Reading {
 public:
  explicit Reading(const Run& run);

  const Run& run() const { return run_; }
  Headline headline() const;
  Verdict overall() const { return overall_; }
  const Counts& counts() const { return counts_; }                        // verdicts, one a scenario × lane
  const std::vector<FindingView>& findings() const { return findings_; }  // as they need attention
  const FindingView* finding(std::string_view id) const;
  const Scenario* scenario(std::string_view id) const;  // nullptr: the run has none of that name
  const ScenarioVerdict* verdict(std::string_view scenario, Lane lane) const;
  std::size_t verdict_position(const ScenarioVerdict& verdict) const;
  std::vector<const ScenarioVerdict*> needing_attention() const;  // fail, missed, error
  std::vector<std::string> families() const;                      // in the order of the scenarios
  std::uint32_t trials_with(TrialStatus status) const;
  // "84 s"; empty where the run's times can't be read, and of merged runs, between which other time has passed.
  std::string duration() const;
  // The command that shows a finding again, as far as a command can: scenario, lane, seed and parameters of the first
  // trial that showed it, and what the run was told of plugins, trees and lengths.
  std::string command_for(const Occurrence& occurrence) const;
  // How workers really ran, where that is not as declared.
  std::string judged_as(std::string_view scenario, Lane lane) const;

 private:
  void read_findings();
  void place_findings();
  const Run& run_;
  Counts counts_;
  Verdict overall_ = Verdict::not_judged;
  std::vector<FindingView> findings_;
  std::unordered_map<std::string_view, const Scenario*> scenarios_;
  std::unordered_map<std::string, std::size_t> finding_places_;
  std::map<std::pair<std::string_view, Lane>, const ScenarioVerdict*> verdicts_;
  std::map<std::pair<std::string_view, Lane>, std::string_view> judged_as_;
};

// "pass", "not judged", and a shape for it, so that no format tells by colour alone.
std::string_view words_of(Verdict verdict);
std::string_view shape_of(Verdict verdict);
std::string words_of(FindingKind kind);                // "data race"
std::string words_of(const Parameters& parameters);    // "2 workers, threads=4"
std::string words_of(const Expectation& expectation);  // "must show data race in UnlockedCounter::work on total"

}  // namespace chicane::reports
