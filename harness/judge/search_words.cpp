// What a verdict of the explore lane rests on: schedules, not processes.
#include <algorithm>

#include <fmt/format.h>

#include "harness/judge/verdict.h"
#include "harness/judge/wording.h"

namespace chicane {
namespace {

double measure(const Trial& trial, const char* name) {
  const auto found = trial.measures.find(name);
  return found == trial.measures.end() ? 0 : found->second;
}

}  // namespace

std::string search_in_words(const Run& run, const Scenario& scenario) {
  std::uint64_t searches = 0, exhausted = 0;
  double schedules = 0, with_findings = 0;
  const Trial* longest = nullptr;
  for (const Trial& trial : run.trials) {
    if (trial.lane != Lane::explore || trial.scenario != scenario.id || trial.searched.empty()) continue;
    ++searches;
    exhausted += measure(trial, "exhausted") > 0;
    schedules += measure(trial, "schedules");
    with_findings += measure(trial, "schedules_with_findings");
    if (longest == nullptr || measure(trial, "schedules") > measure(*longest, "schedules")) longest = &trial;
  }
  if (longest == nullptr) return {};
  const auto whole = [](double value) { return grouped(value > 0 ? static_cast<std::uint64_t>(value) : 0); };
  std::string text = fmt::format("findings in {} of {} schedules of {} {}", whole(with_findings), whole(schedules),
                                 grouped(searches), searches == 1 ? "search" : "searches");
  if (exhausted != 0) text += exhausted == searches ? ", exhausted" : fmt::format(", {} of them exhausted", exhausted);
  return text + (searches == 1 ? ": " : "; the longest: ") + longest->searched.str();
}

}  // namespace chicane
