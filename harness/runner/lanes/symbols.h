// Names for addresses, asked of the sanitizer's own symbolizer (a child process that it started). One thread at a time.
// Each address is asked once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/model/finding.h"

namespace chicane {

class Symbols {
 public:
  using Hidden = bool (*)(std::uintptr_t return_address);
  // `hidden`: addresses that the reader of a stack need not see.
  explicit Symbols(Hidden hidden = nullptr) : hidden_(hidden) {}
  // Return addresses, innermost first. Equal neighbours are one address's inlined frames, not calls.
  Stack stack(const std::uintptr_t* addresses, std::size_t count);

 private:
  const std::vector<Frame>& frames(std::uintptr_t return_address);
  Hidden hidden_;
  std::unordered_map<std::uintptr_t, std::vector<Frame>> known_;
};

}  // namespace chicane
