// The speed of the families for a comment: one folded table a panel. Pure.
#pragma once

#include <string>

#include "reports/speed_panels.h"

namespace chicane::reports::markdown {

std::string speed_block(const SpeedPanel& panel);

}  // namespace chicane::reports::markdown
