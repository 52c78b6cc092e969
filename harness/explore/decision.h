// One stream holds every choice of a schedule, in the order in which they were made: to replay, shrink or enumerate
// schedules is to work on this stream. Plain data.
//
// Alternative 0 is always the plain course of things: the running thread goes on (or, where it can't or yields, the
// next one in turn), the longest waiter is woken, the newest value is read, no timeout fires early, no wake-up is
// spurious. So a stream is fully told by its entries that are not 0, a cut stream goes on with zeros, and to shrink is
// to turn entries into 0. Choices with a single alternative are no entries.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/model/words.h"

namespace chicane::explore {

enum class DecisionKind : std::uint8_t {
  thread,    // which enabled thread takes its next step
  waiter,    // which waiter a signal, post or wake gets
  read,      // how old a value an atomic load sees: 0 is the newest, n the n-th older that is allowed
  timeout,   // asked as a timed wait begins. 0: it fires when nothing else can run or virtual time has come. 1: at will
  spurious,  // asked as a condition variable's or futex's wait begins. 1: it may wake without cause, at will
  failure,   // asked at an operation that may fail without cause (weak compare-exchange, try-lock). 1: it fails
};

struct Decision {
  DecisionKind kind = DecisionKind::thread;
  std::uint16_t chosen = 0;
  std::uint16_t alternatives = 2;  // at least 2
  bool operator==(const Decision&) const = default;
};
using Decisions = std::vector<Decision>;

}  // namespace chicane::explore

template <>
struct chicane::Spelling<chicane::explore::DecisionKind> {
  static constexpr std::array<std::string_view, 6> names{"thread", "waiter", "read", "timeout", "spurious", "failure"};
};
