// What LeakSanitizer says, which it says as text only. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace chicane {

struct Leak {           // all objects of one allocation stack
  bool direct = false;  // else only other leaked objects point to it
  std::uint64_t bytes = 0;
  std::uint64_t objects = 0;
  std::vector<std::uintptr_t> allocated_at;  // return addresses, innermost first; inlined frames repeat theirs
};
// Lines of other kinds are passed over.
std::vector<Leak> parse_leak_log(std::string_view text);

}  // namespace chicane
