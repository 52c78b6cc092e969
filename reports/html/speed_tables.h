// The tables of a speed panel. All have one row a scenario and one column a number of workers, and carry what
// report.js draws: data-x in the heading of a column, and in a cell data-y: the value, and where there is one its
// interval.
#pragma once

#include <cstdint>
#include <span>

#include "reports/markup.h"
#include "reports/speed_panels.h"

namespace chicane::reports {

void write_times(Markup& html, const SpeedPanel& panel, std::uint32_t cores);
void write_beside_best(Markup& html, const SpeedPanel& panel);  // folded: who is slower, and does more of what
void write_counters(Markup& html, const SpeedPanel& panel);     // the authors' own: one table a counter
// How what is written by hand compares with the best of a library, and why it is slower (by_hand.h).
void write_by_hand(Markup& html, const SpeedPanel& panel, const Run& run);
void write_scaling(Markup& html, const SpeedPanel& panel, std::uint32_t cores);
void write_fits(Markup& html, const SpeedPanel& panel, const Run& run);
// All measures of a family's panels, folded; one row a point.
void write_measures(Markup& html, std::span<const SpeedPanel> panels);

}  // namespace chicane::reports
