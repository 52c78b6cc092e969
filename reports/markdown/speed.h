// The speed of the families for a comment: one folded block a family, in it a table a panel. Pure.
#pragma once

#include <span>
#include <string>

#include "reports/speed_panels.h"

namespace chicane::reports::markdown {

// Of one family.
std::string speed_block(std::span<const SpeedPanel> panels);

}  // namespace chicane::reports::markdown
