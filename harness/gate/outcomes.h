// Whether a candidate shows outcomes of litmus scenarios that its baseline never shows. They are seen by chance, so
// what is compared is how many processes of the stress lane saw one at all: the turns of one process share its luck.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "harness/gate/duet.h"
#include "harness/model/gate.h"
#include "harness/model/run.h"
#include "harness/supervisor/plan.h"
#include "harness/supervisor/trial_process.h"

namespace chicane {

class OutcomeTally {
 public:
  // Trials that are of another lane, that did not come to their end or that have no outcomes say nothing.
  void add(DuetSide side, const Trial& trial);
  // Those that both sides ran and at least one saw, sorted.
  std::vector<GateOutcome> outcomes() const;

 private:
  struct Processes {
    std::uint64_t all = 0;
    std::map<std::string, std::uint64_t> saw;
  };
  struct Sides {
    Processes baseline, candidate;
    std::map<std::string, Grade> grades;
  };
  std::map<std::tuple<std::string, Parameters>, Sides> sides_;
};

// Ids of litmus scenarios that both sides have.
std::vector<std::string> litmus_of_both(const Campaign& baseline, const Campaign& candidate);

// Runs the stress lane's plans that both sides have, each trial of one side beside one of the other in a random order,
// so that both see the same host. Placements vary as in a run.
OutcomeTally play_litmus(const Campaign& baseline, const Campaign& candidate, std::uint64_t seed, TrialRunner& runner,
                         const std::atomic<bool>& stop);

// Of `ids` those of which there is nothing to compare, for no process of one side came to its end: inconclusive.
std::vector<GateEntry> uncompared(const std::vector<std::string>& ids, const std::vector<GateOutcome>& outcomes);

// Of the two runs' trials.
OutcomeTally tally_of(const Run& baseline, const Run& candidate);

// Keeps `outcomes` in the result. What the candidate shows and the baseline never did is a finding: Fisher's exact test
// of its processes, Holm's procedure over all outcomes, a tenth of the gate's alarm level, so that time has its own.
// What either side alone showed and chance may explain is a note; forbidden outcomes fail through their verdict.
void judge_outcomes(std::vector<GateOutcome> outcomes, GateResult& result);

}  // namespace chicane
