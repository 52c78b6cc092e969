// Which scenarios of two builds are compared, and with which parameters. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "harness/gate/decide.h"
#include "harness/supervisor/plan.h"

namespace chicane {

struct MatchOptions {
  bool all_parameters = false;  // else one set a scenario: as many workers as cores, each axis at its last value
  std::uint32_t cores = 1;
};

struct Matched {
  std::vector<DuetPair> pairs;        // turns are still to be found
  std::vector<GateSubject> subjects;  // parallel
  std::vector<GateEntry> missing;     // of the baseline, and not of the candidate
  std::vector<std::string> notes;     // what is left out, and why
};

// Of the bench lane's plans. Both campaigns were planned with the same options; the candidate's may have scenarios that
// the baseline has not. What must show a finding is not compared: a wrong result has no speed.
Matched match(const Campaign& baseline, const Campaign& candidate, const MatchOptions& options);

}  // namespace chicane
