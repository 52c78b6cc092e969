// What makes two findings the same finding. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/model/finding.h"

namespace chicane {

// A function's name without parameters, template arguments, return type, ABI tags, clone suffixes and anonymous or
// versioned inline namespaces: "int chicane::v1::internal::Bridge<Q>::work<&Q::work>(void*)" ->
// "chicane::internal::Bridge::work". A lambda, however its compiler numbers it, is "{lambda}" in the function it stands
// in: "main::$_0::operator()() const" -> "main::{lambda}". GNU's and LLVM's spelling of one function give the same.
std::string normalized_function(std::string_view demangled);

// Whether a frame is the user's: not of the C++ library, libc, the sanitizer's run-time or the harness itself.
bool is_user_frame(const Frame& frame);

// The innermost frame of the user's code.
std::optional<Frame> user_frame(const Stack& stack);

// Kind, the normalized user functions of the finding's first two stacks (sorted, so that the order of the two accesses
// does not matter; of a lock-order inversion all stacks, so that it does not matter which edge is told first), the
// location's name, and the finding's own name; as 16 hex digits. No lines, no addresses.
std::string fingerprint(const Finding& finding);

}  // namespace chicane
