#include "harness/judge/fingerprint.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "harness/model/mixing.h"
#include "harness/model/words.h"

namespace chicane {
namespace {

// The place of a stack: its innermost user function. A race inside a library that nobody wrote here still has one, so
// that two of them stay two.
std::string place(const Stack& stack) {
  if (const auto frame = user_frame(stack)) return normalized_function(frame->function);
  return stack.empty() ? std::string() : normalized_function(stack.front().function);
}

// Its stacks are those of all threads, the ones that matter first.
bool is_stuck(FindingKind kind) {
  return kind == FindingKind::deadlock || kind == FindingKind::lost_wakeup || kind == FindingKind::livelock ||
         kind == FindingKind::hang;
}

// Those of the threads that matter; who else waits for them, and how many do, is chance.
std::vector<std::string> stuck_places(FindingKind kind, const Evidence& evidence) {
  std::vector<std::string> all;
  const std::size_t most = !evidence.threads.empty() ? evidence.threads.size() : kind == FindingKind::hang ? 1 : 2;
  for (const LabelledStack& labelled : evidence.stacks) {
    if (all.size() == most) break;
    if (user_frame(labelled.stack)) all.push_back(place(labelled.stack));
  }
  return all;
}

std::vector<std::string> places(const Finding& finding) {
  std::vector<std::string> all;
  for (const Access& access : finding.evidence.accesses) all.push_back(place(access.stack));
  if (is_stuck(finding.kind))
    all = stuck_places(finding.kind, finding.evidence);
  else if (all.empty())
    for (const LabelledStack& labelled : finding.evidence.stacks) all.push_back(place(labelled.stack));
  // A lock-order cycle may be told from any of its edges on: all of its stacks count, in no order.
  const bool is_cycle = finding.kind == FindingKind::lock_order_inversion;
  if (!is_cycle && all.size() > 2) all.resize(2);
  std::sort(all.begin(), all.end());
  if (is_cycle) all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

// A part and its end, so that "ab", "c" is not "a", "bc".
void add(Fnv1a& hash, std::string_view part) {
  hash.add(part);
  hash.add(static_cast<unsigned char>(0));
}

}  // namespace

std::string fingerprint(const Finding& finding) {
  Fnv1a hash;
  add(hash, name(finding.kind));
  for (const std::string& each : places(finding)) add(hash, each);
  add(hash, "at");
  add(hash, finding.evidence.location ? normalized_function(finding.evidence.location->name) : std::string());
  add(hash, finding.name);
  return fmt::format("{:016x}", hash.value());
}

}  // namespace chicane
