// Stacks and the source lines around them.
#pragma once

#include <vector>

#include "harness/model/run.h"
#include "reports/markup.h"

namespace chicane::reports {

// Frames of the user open, those of libraries folded.
void write_stack(Markup& html, const Stack& stack);
// The lines around the first user frame whose source the run has; nothing where it has none.
void write_source(Markup& html, const Stack& stack, const std::vector<Source>& sources);

}  // namespace chicane::reports
