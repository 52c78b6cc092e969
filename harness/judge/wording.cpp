#include "harness/judge/wording.h"

#include <cmath>

#include <fmt/format.h>

#include "harness/judge/fingerprint.h"

namespace chicane {
namespace {

// "function at file:line" of the innermost user frame; where there is none, of the innermost that has a name.
std::string place(const Stack& stack) {
  auto frame = user_frame(stack);
  for (auto each = stack.begin(); !frame && each != stack.end(); ++each)
    if (!each->function.empty()) frame = *each;
  if (!frame) return {};
  const std::string function = normalized_function(frame->function);
  return frame->file.empty() ? function : fmt::format("{} at {}:{}", function, frame->file, frame->line);
}

std::string place(const Evidence& evidence) {
  std::vector<std::string> places;
  const auto add = [&places](const Stack& stack) {
    std::string each = place(stack);
    if (!each.empty() && places.size() < 2 && (places.empty() || places.front() != each))
      places.push_back(std::move(each));
  };
  for (const Access& access : evidence.accesses) add(access.stack);
  if (places.empty())
    for (const LabelledStack& labelled : evidence.stacks) add(labelled.stack);
  return joined(places, " against ");
}

}  // namespace

std::string in_words(const Parameters& parameters) {
  const bool one = parameters.workers == 1;
  const char* kind =
      parameters.worker_kind == WorkerKind::thread ? (one ? "thread" : "threads") : (one ? "process" : "processes");
  std::string text = fmt::format("{} {}", parameters.workers, kind);
  for (const auto& [axis, value] : parameters.args) text += fmt::format(", {} {}", axis, value);
  return text;
}

std::string in_words(const ExpectedFinding& expected) {
  std::string text(name(expected.kind));
  if (!expected.at.empty()) text += " at " + expected.at;
  if (expected.field) text += " on " + expected.field->name;
  return text;
}

std::string in_words(const Finding& finding) {
  const Evidence& evidence = finding.evidence;
  std::string text(name(finding.kind));
  if (!finding.name.empty()) text += fmt::format(" \"{}\"", finding.name);
  if (const std::string where = place(evidence); !where.empty()) {
    text += ": " + where;
    if (evidence.location && !evidence.location->name.empty()) text += " on " + evidence.location->name;
  } else if (!evidence.message.empty()) {
    text += ": " + evidence.message;
  } else if (evidence.location && !evidence.location->name.empty()) {
    text += " on " + evidence.location->name;
  }
  return text;
}

std::string processes(std::uint64_t n) { return grouped(n) + (n == 1 ? " process" : " processes"); }

std::string of_processes(std::uint64_t k, std::uint64_t n) { return fmt::format("{} of {}", grouped(k), processes(n)); }

std::string grouped(std::uint64_t n) {
  std::string text = std::to_string(n);
  for (auto i = static_cast<std::ptrdiff_t>(text.size()) - 3; i > 0; i -= 3)
    text.insert(static_cast<std::size_t>(i), 1, ',');
  return text;
}

std::string joined(const std::vector<std::string>& parts, const std::string& separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

// The rate p at which n independent processes all stay silent with 5 %: (1 - p)^n = 0.05. Exact form of the rule of
// three, 3/n (Hanley, Lippman-Hand: If nothing goes wrong, is everything all right?, JAMA 249(13), 1983).
double zero_bound(std::uint64_t n) { return n == 0 ? 1.0 : -std::expm1(std::log(0.05) / static_cast<double>(n)); }

std::string zero_bound_in_words(std::uint64_t n, const std::string& which) {
  const double bound = zero_bound(n);
  // Two digits, rounded up: the words must not promise more than the bound.
  const double scale = std::pow(10.0, 1.0 - std::floor(std::log10(bound)));
  return fmt::format("0 of {} completed {} {}: rate below {:.2g} per process at 95 %", grouped(n),
                     n == 1 ? "process" : "processes", which, std::ceil(bound * scale) / scale);
}

}  // namespace chicane
