// What searches prove, added up and in words.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "harness/explore/portfolio.h"

namespace chicane::explore {
namespace {

std::string_view in_words(SwitchPoints points) {
  switch (points) {
    case SwitchPoints::sync: return "at synchronisation";
    case SwitchPoints::shared: return "at synchronisation and conflicting accesses";
    case SwitchPoints::all: break;
  }
  return "at every access";
}

}  // namespace

SearchConfidence total(std::span<const SearchConfidence> searchers) {
  SearchConfidence sum;
  for (const SearchConfidence& one : searchers) {
    sum.schedules += one.schedules;
    sum.steps += one.steps;
    sum.lost += one.lost;
    for (const StrategyUse& use : one.strategies) {
      const auto same = std::ranges::find_if(sum.strategies, [&](const StrategyUse& other) {
        return other.strategy == use.strategy && other.depth == use.depth && other.switch_points == use.switch_points;
      });
      if (same == sum.strategies.end())
        sum.strategies.push_back(use);
      else
        same->schedules += use.schedules;
    }
    for (const PctBound& bound : one.pct) {
      const auto same =
          std::ranges::find_if(sum.pct, [&](const PctBound& other) { return other.depth == bound.depth; });
      if (same == sum.pct.end()) {
        sum.pct.push_back(bound);
        continue;
      }
      same->schedules += bound.schedules;
      same->threads = std::max(same->threads, bound.threads);
      same->choices = std::max(same->choices, bound.choices);
      same->missed_at_most *= bound.missed_at_most;
    }
    const bool further =
        one.exhausted &&
        (!sum.exhausted || (sum.exhausted->preemptions && (!one.exhausted->preemptions ||
                                                           *one.exhausted->preemptions > *sum.exhausted->preemptions)));
    if (further) sum.exhausted = one.exhausted;
    if (sum.dfs_gave_up.empty()) sum.dfs_gave_up = one.dfs_gave_up;
  }
  if (sum.exhausted && !sum.exhausted->preemptions) sum.dfs_gave_up.clear();
  std::ranges::sort(sum.pct, {}, &PctBound::depth);
  return sum;
}

std::string in_words(const SearchConfidence& confidence) {
  std::string words = fmt::format("{} schedule{}", confidence.schedules, confidence.schedules == 1 ? "" : "s");
  std::string separator = " (";
  for (std::size_t i = 0; i < Spelling<Strategy>::names.size(); ++i) {
    std::uint64_t schedules = 0;
    for (const StrategyUse& use : confidence.strategies)
      if (use.strategy == static_cast<Strategy>(i)) schedules += use.schedules;
    if (schedules == 0) continue;
    words += fmt::format("{}{} {}", separator, name(static_cast<Strategy>(i)), schedules);
    separator = ", ";
  }
  if (separator == ", ") words += ")";
  if (confidence.lost > 0) words += fmt::format(", {} more lost with their process", confidence.lost);
  if (confidence.exhausted) {
    const Exhaustion& all = *confidence.exhausted;
    words += all.preemptions
                 ? fmt::format("; exhausted within {} preemption{}", *all.preemptions, *all.preemptions == 1 ? "" : "s")
                 : std::string("; exhausted: every order of operations that matter to each other was run");
    words += fmt::format(" ({} schedules, switches {}{})", all.schedules, in_words(all.switch_points),
                         all.spinning ? "; who spins waits until another has done something" : "");
  }
  if (!confidence.exhausted && !confidence.dfs_gave_up.empty())
    words += fmt::format("; not enumerated: {}", confidence.dfs_gave_up);
  if (!confidence.exhausted || confidence.exhausted->preemptions)
    for (const PctBound& bound : confidence.pct)
      if (bound.missed_at_most < 0.5)
        words += fmt::format(
            "; a bug of depth {} is missed with probability {} at most", bound.depth,
            bound.missed_at_most < 1e-9 ? std::string("1e-9") : fmt::format("{:.1g}", bound.missed_at_most));
  return words;
}

}  // namespace chicane::explore
