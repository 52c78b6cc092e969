// Fitted laws of scalability in words, the same in every report. Pure functions.
#pragma once

#include <string>

#include "harness/model/run.h"

namespace chicane::reports {

// Whose it is: "counter/atomic (processes), job=2".
std::string name_of(const Fit& fit);
// One line: the law and its peak, or why there is none.
std::string words_of(const Fit& fit);

}  // namespace chicane::reports
