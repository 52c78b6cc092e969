#include "harness/runner/lanes/asan_findings.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>

#include <fmt/core.h>
#include <sanitizer/asan_interface.h>

namespace chicane::asan {
namespace {

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return text.starts_with(prefix); });
}

// Frames of a report in the making: the hook, the sanitizer, and what it put in place of a function.
bool is_reporting(const Frame& frame) {
  return starts_with_any(frame.function, {"chicane::asan::", "__asan", "__ubsan", "__sanitizer", "__interceptor_",
                                          "___interceptor_", "(anonymous namespace)::Scoped"}) ||
         frame.file.find("compiler-rt/lib/") != std::string::npos;
}
bool starts_threads(const Frame& frame) {
  return starts_with_any(frame.function, {"asan_thread_start", "__asan::", "start_thread", "clone3", "__clone"});
}

Stack stack_of(const RawStack& raw, Symbols& symbols) {
  auto stack = symbols.stack(raw.addresses, raw.count);
  // What starts a thread is nobody's.
  while (!stack.empty() && starts_threads(stack.back())) stack.pop_back();
  return stack;
}

// From the erring code on. The innermost function that the sanitizer stands in for (free, memcpy) stays.
Stack stack_of_report(const RawStack& raw, Symbols& symbols) {
  auto stack = stack_of(raw, symbols);
  // UndefinedBehaviorSanitizer's helpers have names of every kind; its door to the program has but one.
  const auto door = std::ranges::find_if(
      stack, [](const Frame& frame) { return std::string_view(frame.function).starts_with("__ubsan_handle_"); });
  if (door != stack.end()) stack.erase(stack.begin(), door);
  const auto first = std::ranges::find_if_not(stack, is_reporting);
  if (first != stack.end()) stack.erase(stack.begin(), first);
  return stack;
}

std::string bytes(std::uint64_t count) { return fmt::format("{} byte{}", count, count == 1 ? "" : "s"); }
std::string by_thread(int thread) {
  return thread < 0 ? "" : thread == 0 ? " by the main thread" : fmt::format(" by thread {}", thread);
}

Location locate(const MemoryError& error) {
  std::array<char, 1024> name{};
  void* start = nullptr;
  std::size_t size = 0;
  const char* type =
      __asan_locate_address(reinterpret_cast<void*>(error.address), name.data(), name.size(), &start, &size);
  static constexpr std::array<std::string_view, 3> known{"global", "heap", "stack"};
  Location location{"unknown", "", 0, 0, {}};
  if (type == nullptr || std::ranges::find(known, type) == known.end()) return location;
  location.type = type;
  location.name = name.data();
  location.size_bytes = size;
  const auto begin = reinterpret_cast<std::uintptr_t>(start);
  if (error.address >= begin) location.offset_bytes = error.address - begin;
  return location;
}

std::string place_in_words(const MemoryError& error, const Location& location) {
  if (location.type == "unknown") return "";
  const std::string whose = location.name.empty() ? "" : fmt::format(" {}", location.name);
  const std::string what = location.type == "heap"     ? "a heap block"
                           : location.type == "global" ? "the global"
                                                       : "the variable";
  const std::string place = location.offset_bytes < location.size_bytes
                                ? fmt::format("{} into", bytes(location.offset_bytes))
                                : fmt::format("{} after the start of", bytes(location.offset_bytes));
  return fmt::format(", {} {}{} of {}{}", place, what, whose, bytes(location.size_bytes),
                     error.freed_at.count != 0 ? ", which was freed" : "");
}

}  // namespace

Finding make_finding(const MemoryError& error, Symbols& symbols) {
  Finding finding;
  finding.kind = FindingKind::memory_error;
  finding.name = error.description;
  auto& evidence = finding.evidence;
  const bool is_access = error.size_bytes != 0;
  evidence.message = is_access ? fmt::format("{}: {} of {}", error.description, error.write ? "write" : "read",
                                             bytes(error.size_bytes))
                               : std::string(error.description);
  evidence.stacks.push_back({is_access ? "the access" : "here", stack_of_report(error.here, symbols)});
  if (error.freed_at.count != 0)
    evidence.stacks.push_back({"freed" + by_thread(error.freed_by), stack_of(error.freed_at, symbols)});
  if (error.allocated_at.count != 0)
    evidence.stacks.push_back({"allocated" + by_thread(error.allocated_by), stack_of(error.allocated_at, symbols)});
  if (error.address != 0) {
    evidence.location = locate(error);
    evidence.message += place_in_words(error, *evidence.location);
    if (evidence.location->type == "heap") evidence.location->allocated_at = stack_of(error.allocated_at, symbols);
  }
  return finding;
}

Finding make_finding(const UndefinedBehaviour& behaviour, Symbols& symbols) {
  Finding finding;
  finding.kind = FindingKind::undefined_behaviour;
  finding.name = behaviour.kind;
  finding.evidence.message = behaviour.message;
  auto stack = stack_of_report(behaviour.here, symbols);
  // The sanitizer knows the place of the expression, the debugger's lines only that of the call after it.
  if (!stack.empty() && behaviour.line != 0) {
    stack.front().file = std::filesystem::path(behaviour.file).lexically_normal().string();
    stack.front().line = behaviour.line;
    stack.front().column = behaviour.column;
  }
  finding.evidence.stacks.push_back({"here", std::move(stack)});
  return finding;
}

Finding make_finding(const Leak& leak, Symbols& symbols) {
  Finding finding;
  finding.kind = FindingKind::leak;
  finding.evidence.message =
      fmt::format("{} in {} object{} leaked{}", bytes(leak.bytes), leak.objects, leak.objects == 1 ? "" : "s",
                  leak.direct ? ": nothing points to them any more" : ": only other leaked objects point to them");
  auto stack = symbols.stack(leak.allocated_at.data(), leak.allocated_at.size());
  while (!stack.empty() && starts_threads(stack.back())) stack.pop_back();
  finding.evidence.stacks.push_back({"allocated", std::move(stack)});
  return finding;
}

bool ends_the_process(const UndefinedBehaviour& behaviour) {
  const std::string_view kind = behaviour.kind;
  return kind == "unreachable-call" || kind == "missing-return";
}

}  // namespace chicane::asan
