// What else was measured of a panel's scenarios.
#pragma once

#include "reports/markup.h"
#include "reports/speed_panels.h"

namespace chicane::reports {

void write_counters(Markup& html, const SpeedPanel& panel);  // the authors' own; open
void write_measures(Markup& html, const SpeedPanel& panel);  // all; folded

}  // namespace chicane::reports
