// The picture of a schedule: a table with a column a thread, time downwards.
#pragma once

#include <vector>

#include "harness/model/run.h"
#include "reports/html/stacks.h"
#include "reports/markup.h"

namespace chicane::reports {

// Nothing where the finding has none; a link where the same was told before.
void write_picture(Markup& html, const Finding& finding, const std::vector<Source>& sources, Told& told);

}  // namespace chicane::reports
