// What follows from a run's trials and verdicts: of a run that has just ended, and again of several that were merged.
#pragma once

#include "harness/model/run.h"

namespace chicane {

// Summaries, fits, claims and choices. Claims compare scenarios with one another, so they are weighed only where all
// figures are of one host and of one build of each plugin; else a note says so.
void conclude_figures(Run& run);

}  // namespace chicane
