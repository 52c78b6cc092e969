#pragma once

#include "harness/model/words.h"

namespace chicane {

// How much a verdict needs attention: of several, the one with the most stands for all.
constexpr int severity(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail: return 4;
    case Verdict::missed: return 3;
    case Verdict::error: return 2;
    case Verdict::pass: return 1;
    case Verdict::not_judged: break;
  }
  return 0;
}

}  // namespace chicane
