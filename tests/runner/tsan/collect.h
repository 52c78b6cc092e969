// Runs a sample as the tsan lane does and collects what TSan made of it.
#pragma once

#include <string>
#include <vector>

#include "harness/runner/lanes/tsan_reports.h"

namespace chicane {

struct Collected {
  std::vector<CollectedFinding> findings;
  std::vector<std::string> notes;
};
// On a SampleState whose first member alone is declared. TSan tells one pair of stacks once a process, so no two tests
// of one executable run the same sample: their order would matter where ctest does not run each by itself.
Collected collect(const char* sample);

// Its finding; a failure of the test if there is not exactly one.
Finding only(const Collected& all);

// "f < g < main < "
std::string functions(const Stack& stack);

}  // namespace chicane
