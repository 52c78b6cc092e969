// What is written by hand, held against the best that a library has for the same: within one panel, at an equal number
// of workers. Pure; views into the panel and the run.
#pragma once

#include <string>
#include <vector>

#include "reports/speed_panels.h"

namespace chicane::reports {

// The tag of scenarios whose lock, pool or queue is a library's.
inline constexpr const char* library_tag = "library";

// Slower by more than a tenth? As the interval of the times' ratio shows it.
enum class SlowerByATenth { yes, no, not_shown };

struct AgainstLibrary {
  const SpeedSeries* own = nullptr;
  const SpeedPoint* point = nullptr;     // of `own`
  const SpeedSeries* library = nullptr;  // the fastest right one at this x
  TimeRatio times;                       // above 1: by hand it is slower
  SlowerByATenth slower = SlowerByATenth::not_shown;
  std::string why;  // as declared, where it is slower by more than a tenth, or probably so; else empty
};

// Only what is right, and where there is a library's to compare with.
std::vector<AgainstLibrary> against_libraries(const SpeedPanel& panel, const Run& run);

}  // namespace chicane::reports
