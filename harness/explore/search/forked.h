// Work in a child process that tells its parent by messages (wire.h).
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "harness/explore/search/wire.h"

namespace chicane::explore {

struct ForkedEnd {
  std::vector<wire::Message> messages;  // whole ones, in order
  bool started = false;
  bool timed_out = false;        // no message for so long, and it was killed
  int status = 0;                // as waitpid tells
  std::string in_words() const;  // how it ended; empty: by itself, with 0
};

// `work` runs in the child with the descriptor to write to; the child _exit()s with 0 when it returns. `silence`: how
// long the child may say nothing.
ForkedEnd in_child(const std::function<void(int descriptor)>& work, std::chrono::nanoseconds silence);

}  // namespace chicane::explore
