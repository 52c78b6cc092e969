// The claims of tutorials, as a table: what is compared with what, and from which figure on a claim holds.
#pragma once

#include <string>
#include <vector>

#include "harness/claims/figures.h"

namespace chicane {

enum class ClaimKind {
  ratio,        // left over right, against the limit
  price,        // left must be right; then the same
  shown,        // whether left shows wrong results
  most,         // the largest figure of left is the limit, and no more
  as_declared,  // the check of left says it: that it passed
};

struct TutorialClaim {
  const char* id;
  const char* language;
  const char* says;
  ClaimKind kind;
  const char* figure;
  Side left, right = {};
  bool at_least = true;  // the limit; else at most
  double limit = 1;
};

const std::vector<TutorialClaim>& tutorial_claims();

struct TutorialChoice {
  const char* language;
  const char* work;
  const char* way;
  Side side;  // without a scenario: `why` there is none
  const char* why = "";
};

// The first of each kind of work is what the others are held against.
const std::vector<TutorialChoice>& tutorial_choices();

// What one worker of a way takes of memory while it waits.
const std::vector<TutorialChoice>& tutorial_memory();

// What it takes to start one worker of a way and to await its end.
const std::vector<TutorialChoice>& tutorial_starts();

inline constexpr const char* start_row = "start of one, and its end";
inline constexpr const char* memory_row = "memory of one that waits";

}  // namespace chicane
