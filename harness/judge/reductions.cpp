// What lanes could not look for on this host, once for the whole run.
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "harness/judge/judge.h"

namespace chicane {

std::vector<std::string> reductions(const Run& run) {
  std::map<Lane, std::size_t> completed;
  std::map<std::tuple<Lane, FindingKind, std::string>, std::size_t> reduced;
  std::map<std::string, std::size_t> not_counted;
  std::size_t calibrations = 0;
  for (const Trial& trial : run.trials) {
    completed[trial.lane] += trial.status == TrialStatus::completed;
    calibrations += trial.calibration && trial.status == TrialStatus::completed;
    if (!trial.not_counted.empty()) ++not_counted[trial.not_counted.str()];
    for (const auto& [kind, reason] : trial.not_looked_for) ++reduced[{trial.lane, kind, reason}];
  }
  std::vector<std::string> notes;
  for (const auto& [what, trials] : reduced) {
    const auto& [lane, kind, reason] = what;
    notes.push_back(fmt::format("reduced: the {} lane did not look for {} in {} of its {} completed trials: {}",
                                name(lane), name(kind), trials, completed[lane], reason));
  }
  for (const auto& [what, trials] : not_counted)
    notes.push_back(fmt::format("hardware counters, in {} of {} calibrations: {}", trials, calibrations, what));
  return notes;
}

}  // namespace chicane
