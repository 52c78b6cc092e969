// Names for addresses, asked of the sanitizer's own symbolizer (a child process that it started). Main thread only, and
// never from inside a report. Each address is asked once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/model/finding.h"

namespace chicane::tsan {

struct Global {
  std::string name;
  std::uintptr_t start = 0;
  std::size_t size_bytes = 0;
};

class Symbols {
 public:
  // Return addresses, innermost first. Equal neighbours are one address's inlined frames, not calls.
  Stack stack(const std::uintptr_t* addresses, std::size_t count);
  Global global(std::uintptr_t address);

 private:
  const std::vector<Frame>& frames(std::uintptr_t return_address);
  std::unordered_map<std::uintptr_t, std::vector<Frame>> known_;
};

}  // namespace chicane::tsan
