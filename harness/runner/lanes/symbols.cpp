#include "harness/runner/lanes/symbols.h"

#include <array>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <string_view>

#include <sanitizer/common_interface_defs.h>

namespace chicane {
namespace {

constexpr char separator = '\x1f';  // in no name
constexpr const char* format = "%f\x1f%s\x1f%l\x1f%c\x1f%m";

std::string known(std::string_view text) { return text == "<null>" ? std::string() : std::string(text); }

std::uint32_t number(std::string_view text) {
  std::uint32_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Frame parse(std::string_view text) {
  std::array<std::string_view, 5> parts;
  for (auto& part : parts) {
    const auto end = text.find(separator);
    part = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  Frame frame;
  frame.function = known(parts[0]);
  // "/usr/lib/gcc/x86_64-linux-gnu/12/../../../../include/…", "./tests/…"
  frame.file = std::filesystem::path(known(parts[1])).lexically_normal().string();
  frame.line = number(parts[2]);
  frame.column = number(parts[3]);
  frame.module = std::filesystem::path(known(parts[4])).filename().string();
  return frame;
}

}  // namespace

const std::vector<Frame>& Symbols::frames(std::uintptr_t return_address) {
  const auto [entry, is_new] = known_.try_emplace(return_address);
  if (!is_new) return entry->second;
  // One frame an inlined call, innermost first, each ended by a zero and the last by two.
  static std::array<char, 1 << 16> buffer;
  buffer.fill(0);
  // It looks up the instruction before the return address itself.
  __sanitizer_symbolize_pc(reinterpret_cast<void*>(return_address), format, buffer.data(), buffer.size() - 1);
  for (const char* at = buffer.data(); *at != 0; at += std::strlen(at) + 1) entry->second.push_back(parse(at));
  return entry->second;
}

Stack Symbols::stack(const std::uintptr_t* addresses, std::size_t count) {
  Stack stack;
  for (std::size_t i = 0; i < count;) {
    const auto& inlined = frames(addresses[i]);
    if (hidden_ == nullptr || !hidden_(addresses[i])) stack.insert(stack.end(), inlined.begin(), inlined.end());
    // Sanitizers repeat the address once an inlined frame; more equal neighbours are recursion through one call.
    for (std::size_t repeats = 1; repeats < inlined.size() && i + 1 < count && addresses[i + 1] == addresses[i];
         ++repeats)
      ++i;
    ++i;
  }
  for (std::size_t i = 0; i < stack.size(); ++i)
    if (stack[i].function == "main") stack.resize(i + 1);  // what starts main is nobody's
  return stack;
}

}  // namespace chicane
