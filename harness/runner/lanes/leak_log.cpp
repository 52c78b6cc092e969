#include "harness/runner/lanes/leak_log.h"

#include <charconv>
#include <optional>

namespace chicane {
namespace {

bool skip(std::string_view& line, std::string_view prefix) {
  if (!line.starts_with(prefix)) return false;
  line.remove_prefix(prefix.size());
  return true;
}

std::optional<std::uint64_t> number(std::string_view& line, int base = 10) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value, base);
  if (error != std::errc()) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  return value;
}

// "Direct leak of 24 byte(s) in 1 object(s) allocated from:"
std::optional<Leak> heading(std::string_view line) {
  Leak leak;
  leak.direct = skip(line, "Direct");
  if ((!leak.direct && !skip(line, "Indirect")) || !skip(line, " leak of ")) return std::nullopt;
  const auto bytes = number(line);
  if (!bytes || !skip(line, " byte(s) in ")) return std::nullopt;
  const auto objects = number(line);
  if (!objects || !skip(line, " object(s) allocated from:")) return std::nullopt;
  leak.bytes = *bytes;
  leak.objects = *objects;
  return leak;
}

// "    #1 0x55d0c01 in f() file.cpp:3:5". The address is one before the return address.
std::optional<std::uintptr_t> frame(std::string_view line) {
  if (!skip(line, "    #") || !number(line) || !skip(line, " 0x")) return std::nullopt;
  const auto address = number(line, 16);
  if (!address) return std::nullopt;
  return static_cast<std::uintptr_t>(*address) + 1;
}

}  // namespace

std::vector<Leak> parse_leak_log(std::string_view text) {
  std::vector<Leak> leaks;
  bool inside = false;  // the frames of a leak; an empty line ends them
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (auto leak = heading(line)) {
      leaks.push_back(std::move(*leak));
      inside = true;
    } else if (const auto address = frame(line); address && inside) {
      leaks.back().allocated_at.push_back(*address);
    } else {
      inside = false;
    }
  }
  return leaks;
}

}  // namespace chicane
