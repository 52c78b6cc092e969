// The picture of a bug: what a traced schedule did, as a table for people. Pure functions.
#pragma once

#include <span>
#include <string>

#include "harness/explore/decision.h"
#include "harness/explore/outcome.h"
#include "harness/explore/trace.h"
#include "harness/model/finding.h"

namespace chicane::explore {

// What addresses are called.
class Names {
 public:
  virtual ~Names() = default;
  // Frames of the user's code only, innermost first; `stack`: return addresses.
  virtual chicane::Stack user_stack(const Stack& stack) = 0;
  // Of memory or a synchronisation object: "total", "state+8", "M1", "heap block H2 + 16".
  virtual std::string object(std::uintptr_t address, bool synchronisation) = 0;
  // The harness's own, of which a picture says nothing.
  virtual bool is_harness(std::uintptr_t address) = 0;
};

// Columns are the threads that take a step in the user's code. Steps of the harness alone are no part of it. In a long
// trace, steps far from the switches that matter, from the accesses of the finding and from the end are left out, and
// the next step says how many. `trace` is of a schedule with these `decisions` that ended in `outcome`; of a race or a
// use after free, it is shown until then. `which` of the outcome's findings it is about.
Picture picture_of(const Trace& trace, const Decisions& decisions, const Outcome& outcome, std::size_t which,
                   Names& names);

// Value of an access as a person would write it: small ones (of either sign) decimal, others hexadecimal.
std::string value_in_words(std::uint64_t value, std::uint16_t size_bytes);

}  // namespace chicane::explore
