// Files of findings as other tools name them: relative to the root of the source tree where that is known. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace chicane::reports {

// Without "." and "..", as far as can be told without the file system; relative to `root` where it lies below it.
// `root` may be empty: unknown.
std::string below_root(std::string_view file, std::string_view root);

bool is_absolute(std::string_view file);

// As a reference to a file (RFC 3986): "scenarios/a%20b.cpp", "file:///home/a.cpp". Bytes of any kind are allowed.
std::string file_uri(std::string_view file);

struct SourceLine {
  std::string file;
  std::uint32_t line = 0;  // 0: unknown
};
// "scenarios/counter/unlocked.cpp:8"
SourceLine source_line_of(std::string_view source);

}  // namespace chicane::reports
