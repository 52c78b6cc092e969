// Whether a finding is the one that was declared. Declarations name the place, so that an unrelated second bug in a
// scenario that declares one is not excused.
#include <algorithm>
#include <string>
#include <string_view>

#include "harness/judge/fingerprint.h"
#include "harness/judge/judge.h"

namespace chicane {
namespace {

bool is_suffix_at_boundary(std::string_view declared, std::string_view full) {
  if (declared.empty() || !full.ends_with(declared)) return false;
  if (full.size() == declared.size()) return true;
  return full.substr(0, full.size() - declared.size()).ends_with("::");
}

// Authors name functions as they wrote them; a lambda has no name, so it also counts as the function it stands in.
bool names(std::string_view declared, std::string_view seen) {
  static constexpr std::string_view lambda = "::{lambda}";
  const std::string place = normalized_function(declared);
  std::string full = normalized_function(seen);
  for (;;) {
    if (is_suffix_at_boundary(place, full)) return true;
    if (!full.ends_with(lambda)) return false;
    full.resize(full.size() - lambda.size());
  }
}

bool is_in_function(std::string_view declared, const Stack& stack) {
  const auto frame = user_frame(stack);
  return frame && names(declared, frame->function);
}

bool is_at(const std::string& declared, const Finding& finding) {
  const Evidence& evidence = finding.evidence;
  if (is_suffix_at_boundary(declared, finding.name)) return true;  // a check's name is free text, compared as it is
  if (evidence.location && !evidence.location->name.empty() && names(declared, evidence.location->name)) return true;
  if (!evidence.accesses.empty())
    return std::any_of(evidence.accesses.begin(), evidence.accesses.end(),
                       [&](const Access& access) { return is_in_function(declared, access.stack); });
  return std::any_of(evidence.stacks.begin(), evidence.stacks.end(),
                     [&](const LabelledStack& labelled) { return is_in_function(declared, labelled.stack); });
}

// All bytes of the access, not just its first: a memcpy over the whole state is no access to one member.
bool is_on(const Field& field, const Evidence& evidence) {
  if (!evidence.location || evidence.location->type != "state") return false;
  std::uint64_t size = 1;
  for (const Access& access : evidence.accesses) size = std::max<std::uint64_t>(size, access.size_bytes);
  const std::uint64_t offset = evidence.location->offset_bytes;
  return offset >= field.offset_bytes && size <= field.size_bytes &&
         offset - field.offset_bytes <= field.size_bytes - size;
}

}  // namespace

bool matches(const ExpectedFinding& expected, const Finding& finding) {
  if (expected.kind != finding.kind) return false;
  if (expected.field && !is_on(*expected.field, finding.evidence)) return false;
  return expected.at.empty() || is_at(expected.at, finding);
}

}  // namespace chicane
