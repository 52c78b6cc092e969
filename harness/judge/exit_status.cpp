#include <algorithm>

#include "harness/judge/judge.h"

namespace chicane {

int exit_status(const Run& run, const std::vector<Lane>& required) {
  const auto any = [&run](auto&& is) { return std::any_of(run.verdicts.begin(), run.verdicts.end(), is); };
  if (any([](const ScenarioVerdict& each) { return each.verdict == Verdict::fail || each.verdict == Verdict::missed; }))
    return 4;
  if (any([](const ScenarioVerdict& each) { return each.verdict == Verdict::error; })) return 2;
  if (!run.complete) return 3;
  for (const Lane lane : required) {
    // A required lane that was left out altogether judged nothing either.
    if (!any([lane](const ScenarioVerdict& each) { return each.lane == lane; })) return 3;
    if (any([lane](const ScenarioVerdict& each) { return each.lane == lane && each.verdict == Verdict::not_judged; }))
      return 3;
  }
  return 0;
}

}  // namespace chicane
