#include "reports/places.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "harness/judge/fingerprint.h"
#include "reports/figures.h"
#include "reports/reading.h"

namespace chicane::reports {

std::string title_of(const Finding& finding) {
  auto title = words_of(finding.kind);
  const auto& location = finding.evidence.location;
  if (!finding.name.empty())
    title += ": " + finding.name;
  else if (location && !location->name.empty())
    title += " on " + location->name;
  else if (const auto* stack = first_stack(finding.evidence))
    if (const auto frame = user_frame(*stack); frame && !frame->function.empty())
      title += " in " + normalized_function(frame->function);
  return title;
}

std::string position_of(const Frame& frame) {
  if (frame.file.empty()) return frame.module;
  return frame.line == 0 ? frame.file : fmt::format("{}:{}", frame.file, frame.line);
}

std::string place_of(const Frame& frame) {
  const auto function =
      frame.function.empty() ? std::string("an unknown function") : normalized_function(frame.function);
  const auto position = position_of(frame);
  return position.empty() ? function : fmt::format("{} at {}", function, position);
}

std::string capitalized(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string as_sentence(std::string text) {
  if (!text.empty() && !std::string_view(".!?").contains(text.back())) text += '.';
  return capitalized(std::move(text));
}

const Stack* first_stack(const Evidence& evidence) {
  for (const auto& access : evidence.accesses)
    if (!access.stack.empty()) return &access.stack;
  for (const auto& labelled : evidence.stacks)
    if (!labelled.stack.empty()) return &labelled.stack;
  return nullptr;
}

std::string where(const Finding& finding) {
  const auto* stack = first_stack(finding.evidence);
  if (stack == nullptr) return "";
  const auto frame = user_frame(*stack);
  return place_of(frame ? *frame : stack->front());
}

std::string words_of(const Access& access) {
  return fmt::format("{}{} of {}", access.atomic ? "atomic " : "", access.write ? "write" : "read",
                     plural(access.size_bytes, "byte"));
}

std::string words_of(const Location& location) {
  std::string block;
  if (location.type == "state")
    block = "the scenario's state";
  else if (location.type == "environment")
    block = "the scenario's environment";
  else if (location.type == "heap")
    block = "a heap block";
  else if (location.type == "global")
    return fmt::format("global {}{}", location.name.empty() ? "of unknown name" : location.name,
                       location.size_bytes == 0 ? "" : ", " + plural(location.size_bytes, "byte"));
  else
    return location.name.empty() ? location.type : fmt::format("{} ({})", location.name, location.type);
  auto words = fmt::format("offset {} of {}", count(location.offset_bytes), block);
  if (location.size_bytes != 0) words += fmt::format(" of {}", plural(location.size_bytes, "byte"));
  return location.name.empty() ? words : fmt::format("{}, {}", location.name, words);
}

std::string thread_name(const Evidence& evidence, std::uint32_t id) {
  if (id == 0) return "the main thread";
  const auto found = std::ranges::find(evidence.threads, id, &ThreadInfo::id);
  if (found == evidence.threads.end() || found->name.empty()) return fmt::format("thread {}", id);
  return fmt::format("thread {} ({})", id, found->name);
}

}  // namespace chicane::reports
