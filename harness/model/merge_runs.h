// Several runs as one: lanes from several jobs, shards, hosts, builds. Pure function of its runs.
#pragma once

#include <string>
#include <vector>

#include "harness/model/error.h"
#include "harness/model/run.h"

namespace chicane {

struct NamedRun {
  std::string name;  // of its file
  Run run;
};

// All trials of all runs, with ids of their own. Equal builds are one; findings of one scenario with one kind and
// fingerprint are one; hosts stay apart, so that a trial's host tells its run. Verdicts are those of the runs; where
// several judged the same scenario × lane, the worst stands (fail, missed, error, pass, not_judged, in this order), and
// says whose it is. Summaries, fits, claims and choices are left empty: they are to be made of the trials again.
// An error: one run twice. At least one run.
Result<Run> merge_runs(std::vector<NamedRun> runs);

}  // namespace chicane
