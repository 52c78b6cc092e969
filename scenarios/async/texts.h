// Texts too long to lie within a std::string, and what became of them: the state of the scenarios about lifetimes.
// Such a text is a heap block, so that AddressSanitizer sees who reads it when it is gone; each differs from the one
// before, so that a new text in the old one's place is noticed too.
#pragma once

#include <chicane/scenario.h>

#include <chrono>
#include <cstddef>
#include <string>

#include "scenarios/async/coroutines.h"

struct Texts {
  asio::io_context loop{1};
  std::size_t started = 0, wrong = 0;

  static std::string text_of(std::size_t number) { return std::string(64, static_cast<char>('a' + number % 26)); }
  void check(chicane::Check& check) const { check.equal("wrong texts", wrong, 0); }
};
