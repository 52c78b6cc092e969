// Collects what AddressSanitizer, UndefinedBehaviorSanitizer and LeakSanitizer report in this process and turns it into
// findings. The first two tell through hooks and questions (asan_hooks.cpp); LeakSanitizer's text is parsed, since
// there is nothing else. Exists in the asan build only.
//
// What they print goes to a file in memory from the start of the collection on, and is seen on stderr only if a
// sanitizer ends the process without a finding (a failed check of its own, no right to trace for the search for leaks).
#pragma once

#include <functional>
#include <string>

#include "harness/model/finding.h"

namespace chicane {

struct AsanSink {
  std::function<void(Finding finding)> found;
  // A sanitizer ends the process now, because of what `found` was told last. On the thread that erred.
  std::function<void(const std::string& why)> ends;
};

// Call once, before the first worker starts. The sink is never let go: errors may come until the process has gone.
void collect_asan_reports(AsanSink sink);

// Tells of undefined behaviour since the last call; says whether there was any. Any thread, not in the sink.
bool take_undefined_behaviour();

// Looks for leaks, all of them. Takes a few ms, while all threads are stopped. Where that is not possible it says why;
// empty: it has looked.
std::string find_leaks();

}  // namespace chicane
