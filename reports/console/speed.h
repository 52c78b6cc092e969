// The speed table of the console report.
#pragma once

#include "harness/model/run.h"
#include "reports/console/paper.h"

namespace chicane::reports {

void write_speed(Paper& paper, const Run& run);

}  // namespace chicane::reports
