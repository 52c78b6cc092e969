// How a verdict comes about: trials are counted (Tally), a tally of one set of parameters is judged, tallies add up.
// The judge's own; others use judge.h. Pure functions.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "harness/judge/judge.h"
#include "harness/model/run.h"

namespace chicane {

// What a lane can do about a declared finding: the table's answer unless the scenario names the lanes itself.
Sight sight(Lane lane, const ExpectedFinding& expected);

struct Seen {
  bool asked = false;           // enough workers
  std::uint32_t processes = 0;  // that showed it; of a `must` only where it was asked for
  std::uint32_t of = 0;         // processes in which it was asked for, or (of a `may`) shown nevertheless
  std::uint32_t blind = 0;      // of a `must`: processes that could not look for it
};

struct Tally {
  std::uint32_t trials = 0;
  std::uint32_t ended = 0;      // by themselves or with a finding: these processes tell something
  std::uint32_t completed = 0;  // of these, without being cut short
  std::uint32_t worked = 0;     // of these, with at least one operation: only their silence tells something
  std::uint32_t stopped = 0;    // by the user: neither an error nor evidence
  std::uint64_t operations = 0;
  std::vector<Seen> must;                       // as Expectation::must
  std::vector<Seen> may;                        // as Expectation::may
  std::vector<std::size_t> declared;            // positions in Run::findings, in order of appearance
  std::vector<std::size_t> undeclared;          //
  std::vector<std::uint32_t> undeclared_times;  // processes that showed it, parallel to `undeclared`
  std::uint32_t undeclared_processes = 0;       // that showed any
  std::set<std::size_t> placeless;              // of a declared kind, but the host did not let anybody see where
  std::vector<std::string> not_run;             // details
  std::vector<std::string> without_finding;     // details of trials that neither completed nor found anything
  std::set<std::string> judged_as;
  std::map<FindingKind, std::string> not_looked_for;  // in any of them, with the reason

  void add(const Tally& other);  // of the same scenario
  bool any_must_seen() const;
};

// Trials of one scenario, lane and parameters.
Tally count(const Run& run, const Scenario& scenario, const Parameters& parameters,
            std::span<const Trial* const> trials);

struct Judgement {
  Verdict verdict = Verdict::not_judged;
  std::string why;
  // A pass that says little: what the scenario must show was not asked for, because there were too few workers.
  bool too_few_workers = false;
  // Not judged because no trial got as far as to show anything, which the scenario allows.
  bool nothing_judged = false;
};
Judgement judge(const Run& run, const Scenario& scenario, Lane lane, const Parameters& parameters, const Tally& tally);

// Schedules, strategies and what they prove, over all searches of a scenario. Empty: there was none.
std::string search_in_words(const Run& run, const Scenario& scenario);

// A pass in words, also over several sets of parameters.
std::string why_pass(const Scenario& scenario, Lane lane, const Tally& tally);

}  // namespace chicane
