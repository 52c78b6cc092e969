// One tally, one verdict, in the order in which one reason outweighs another: fail, missed, error, not_judged, pass.
#include "harness/judge/verdict.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/judge/wording.h"

namespace chicane {
namespace {

std::string why_fail(const Run& run, const Scenario& scenario, const Tally& tally) {
  constexpr std::size_t most = 3;  // a row of a table must stay readable; all of them are in `undeclared`
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < tally.undeclared.size() && i < most; ++i)
    parts.push_back(fmt::format("{} (in {})", in_words(run.findings[tally.undeclared[i]]),
                                of_processes(tally.undeclared_times[i], tally.ended)));
  std::string text = "not declared: " + joined(parts, "; ");
  if (tally.undeclared.size() > most) text += fmt::format("; and {} more", tally.undeclared.size() - most);
  // The same kind at another place is easily taken for the declared one.
  for (const ExpectedFinding& expected : scenario.expectation.must)
    for (const std::size_t i : tally.undeclared)
      if (run.findings[i].kind == expected.kind)
        return text + fmt::format("; declared is {}{}", in_words(expected),
                                  expected.min_workers > 1 ? fmt::format(" from {} workers on", expected.min_workers)
                                                           : std::string());
  return text;
}

// Every process that could have looked for it could not, on this host.
bool is_blind(const Seen& must, const Tally& tally) {
  return must.processes == 0 && must.blind != 0 && must.blind >= tally.completed;
}

// What would have to show in this lane, had it been looked for.
std::vector<std::string> not_looked_for(const Scenario& scenario, Lane lane, const Tally& tally) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < tally.must.size(); ++i) {
    const ExpectedFinding& expected = scenario.expectation.must[i];
    if (tally.must[i].asked && is_blind(tally.must[i], tally) && sight(lane, expected) == Sight::always)
      all.push_back(
          fmt::format("{} was not looked for: {}", in_words(expected), tally.not_looked_for.at(expected.kind)));
  }
  return all;
}

// What must show, was asked for, and did not, in a lane that always sees it.
std::vector<std::string> unseen(const Scenario& scenario, Lane lane, const Tally& tally) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < tally.must.size(); ++i) {
    const ExpectedFinding& expected = scenario.expectation.must[i];
    if (tally.must[i].asked && tally.must[i].processes == 0 && !is_blind(tally.must[i], tally) &&
        sight(lane, expected) == Sight::always)
      all.push_back(in_words(expected));
  }
  return all;
}

std::string looked_in(const Tally& tally) {
  std::string text = processes(tally.ended);
  if (tally.completed != tally.ended) text += fmt::format(", {} of them cut short", tally.ended - tally.completed);
  return text;
}

std::string trials_in_words(const std::vector<std::string>& details, const Tally& tally, const char* what) {
  return fmt::format("{} of {} trials {}: {}", details.size(), tally.trials, what, details.front());
}

std::string why_lane_cannot_tell(const Scenario& scenario, Lane lane, const Tally& tally) {
  std::vector<std::string> blind, perhaps;
  for (std::size_t i = 0; i < tally.must.size(); ++i) {
    if (!tally.must[i].asked) continue;
    const ExpectedFinding& expected = scenario.expectation.must[i];
    (sight(lane, expected) == Sight::never ? blind : perhaps).push_back(in_words(expected));
  }
  std::vector<std::string> parts;
  if (!blind.empty()) parts.push_back(fmt::format("{} is not made to find {}", name(lane), joined(blind, " or ")));
  if (!perhaps.empty()) parts.push_back(fmt::format("{} need not show in {}", joined(perhaps, " and "), name(lane)));
  return fmt::format("{}; nothing undeclared was seen in {}", joined(parts, ", and "), looked_in(tally));
}

std::string why_too_few(const Scenario& scenario, Lane lane, const Parameters& parameters, const Tally& tally) {
  const ExpectedFinding& first = scenario.expectation.must.front();
  const bool race_of_one = parameters.workers == 1 && first.kind == FindingKind::data_race;
  return fmt::format("{}: {} is asked for from {} workers on; {}",
                     race_of_one ? "one worker can't race" : "too few workers", in_words(first), first.min_workers,
                     why_pass(scenario, lane, tally));
}

std::string in_past_tense(const ExpectedFinding& expected) {
  switch (expected.kind) {
    case FindingKind::hang: return "hung";
    case FindingKind::crash: return "crashed";
    case FindingKind::early_exit: return "ended early";
    case FindingKind::uncaught_exception: return "ended with an uncaught exception";
    default: return "showed " + in_words(expected);
  }
}

std::string why_nothing_judged(const Scenario& scenario, const Tally& tally) {
  std::vector<std::string> always, sometimes;
  for (std::size_t i = 0; i < tally.may.size(); ++i) {
    const ExpectedFinding& expected = scenario.expectation.may[i];
    const std::uint32_t times = tally.may[i].processes;
    if (times == 0) continue;
    std::string what = times == tally.ended
                           ? in_past_tense(expected) + ", which it may"
                           : fmt::format("{} in {}", in_words(expected), of_processes(times, tally.ended));
    if (!expected.reason.empty()) what += fmt::format(" ({})", expected.reason);
    (times == tally.ended ? always : sometimes).push_back(std::move(what));
  }
  if (!always.empty())
    return fmt::format(
        "{} {}; nothing was judged",
        tally.ended == 1 ? "the only trial" : fmt::format("every one of {} trials", grouped(tally.ended)),
        joined(always, ", and "));
  std::string text = fmt::format("no operation was completed in {}", processes(tally.ended));
  if (!sometimes.empty()) text += "; it may show " + joined(sometimes, ", and ");
  return text + "; nothing was judged";
}

std::string with_judged_as(std::string why, const Tally& tally) {
  if (tally.judged_as.empty()) return why;
  return fmt::format("{} (judged as {})", why, joined({tally.judged_as.begin(), tally.judged_as.end()}, "; "));
}

bool asked_for_any(const Tally& tally) {
  return std::any_of(tally.must.begin(), tally.must.end(), [](const Seen& seen) { return seen.asked; });
}

Judgement decide(const Run& run, const Scenario& scenario, Lane lane, const Parameters& parameters,
                 const Tally& tally) {
  const std::vector<std::string> missing = unseen(scenario, lane, tally);
  if (!tally.undeclared.empty()) return {Verdict::fail, why_fail(run, scenario, tally)};
  if (!tally.placeless.empty()) {
    const Finding& first = run.findings[*tally.placeless.begin()];
    return {
        Verdict::not_judged,
        fmt::format("{} was found, but no stack says where, so that nobody can tell whether it is the declared one: {}",
                    name(first.kind), first.evidence.message)};
  }
  // When the user stopped the run, the budget was not spent: not seen yet is not missed.
  if (!missing.empty() && tally.ended > 0 && tally.stopped == 0)
    return {Verdict::missed, fmt::format("declared, but not seen in {}: {}", looked_in(tally), joined(missing, "; "))};
  if (!tally.not_run.empty()) return {Verdict::error, trials_in_words(tally.not_run, tally, "could not be run")};
  if (!tally.without_finding.empty())
    return {Verdict::error, trials_in_words(tally.without_finding, tally, "ended without a result")};
  if (tally.ended == 0) return {Verdict::not_judged, "stopped by the user before any trial had ended"};
  if (!missing.empty())
    return {Verdict::not_judged,
            fmt::format("stopped by the user; until then not seen in {}: {}", looked_in(tally), joined(missing, "; "))};
  if (const auto blind = not_looked_for(scenario, lane, tally); !blind.empty())
    return {Verdict::not_judged,
            fmt::format("{}; nothing undeclared was seen in {}", joined(blind, "; "), looked_in(tally))};
  if (tally.any_must_seen()) return {Verdict::pass, why_pass(scenario, lane, tally)};
  // The silence of trials that never got to work must not pass.
  if (tally.worked == 0) return {Verdict::not_judged, why_nothing_judged(scenario, tally), false, true};
  if (scenario.expectation.must.empty()) return {Verdict::pass, why_pass(scenario, lane, tally)};
  if (!asked_for_any(tally)) return {Verdict::pass, why_too_few(scenario, lane, parameters, tally), true};
  return {Verdict::not_judged, why_lane_cannot_tell(scenario, lane, tally)};
}

}  // namespace

Judgement judge(const Run& run, const Scenario& scenario, Lane lane, const Parameters& parameters, const Tally& tally) {
  Judgement judgement = decide(run, scenario, lane, parameters, tally);
  judgement.why = with_judged_as(std::move(judgement.why), tally);
  return judgement;
}

std::string why_pass(const Scenario& scenario, Lane lane, const Tally& tally) {
  std::vector<std::string> shown, hidden, allowed;
  for (std::size_t i = 0; i < tally.must.size(); ++i) {
    const Seen& seen = tally.must[i];
    const std::string what = in_words(scenario.expectation.must[i]);
    if (seen.processes > 0)
      shown.push_back(fmt::format("{} in {}", what, of_processes(seen.processes, seen.of)));
    else if (seen.asked)
      hidden.push_back(fmt::format("{} was not seen, and need not be in {}", what, name(lane)));
  }
  for (std::size_t i = 0; i < tally.may.size(); ++i) {
    const Seen& seen = tally.may[i];
    const ExpectedFinding& expected = scenario.expectation.may[i];
    if (seen.processes == 0) continue;
    allowed.push_back(
        fmt::format("it may show {}, and did in {}", in_words(expected), of_processes(seen.processes, tally.ended)));
    if (!expected.reason.empty()) allowed.back() += fmt::format(" ({})", expected.reason);
  }
  std::vector<std::string> parts;
  if (!shown.empty()) parts.push_back("as declared: " + joined(shown, ", "));
  parts.insert(parts.end(), hidden.begin(), hidden.end());
  parts.insert(parts.end(), allowed.begin(), allowed.end());
  if (shown.empty())
    parts.push_back(fmt::format("nothing {}found in {} ({} operations)", allowed.empty() ? "" : "else ",
                                processes(tally.ended), grouped(tally.operations)));
  for (const auto& [kind, reason] : tally.not_looked_for)
    parts.push_back(fmt::format("{} was not looked for (see the notes)", name(kind)));
  return joined(parts, "; ");
}

}  // namespace chicane
