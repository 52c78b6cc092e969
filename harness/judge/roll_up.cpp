// Verdicts of all parameters of one scenario × lane as one, with what it rests on.
#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "harness/judge/judge.h"
#include "harness/judge/verdict.h"
#include "harness/judge/wording.h"

namespace chicane {
namespace {

struct Row {
  Parameters parameters;
  Tally tally;
  Judgement judgement;
};

// What outweighs what. A pass with too few workers to ask for anything must not speak for rows that could not be
// judged: it outweighs nothing. And one in which nothing was seen must not speak for rows in which no trial got to
// work: that one worker ran well says nothing of two that always hang.
int weight(const Row& row) {
  switch (row.judgement.verdict) {
    case Verdict::fail: return 7;
    case Verdict::missed: return 6;
    case Verdict::error: return 5;
    case Verdict::pass: return row.tally.any_must_seen() ? 4 : row.judgement.too_few_workers ? 0 : 2;
    case Verdict::not_judged: return row.judgement.nothing_judged ? 3 : 1;
  }
  return 0;
}

std::vector<Row> rows_of(const Run& run, const Scenario& scenario, Lane lane) {
  std::map<Parameters, std::vector<const Trial*>> groups;
  for (const Trial& trial : run.trials)
    if (trial.lane == lane && trial.scenario == scenario.id) groups[trial.parameters].push_back(&trial);
  std::vector<Row> rows;
  for (const auto& [parameters, trials] : groups) {
    Row row{parameters, count(run, scenario, parameters, trials), {}};
    row.judgement = judge(run, scenario, lane, parameters, row.tally);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::string> ids(const std::vector<std::size_t>& findings) {
  std::vector<std::string> all;
  for (const std::size_t i : findings) all.push_back(fmt::format("f{}", i));
  return all;
}

std::string seen_in_words(const Scenario& scenario, const Tally& tally) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < tally.must.size(); ++i)
    if (tally.must[i].processes > 0)
      parts.push_back(fmt::format("{} seen in {}", name(scenario.expectation.must[i].kind),
                                  of_processes(tally.must[i].processes, tally.must[i].of)));
  return joined(parts, ", ");
}

// One worker can't race; but where the scenario wants exactly one, it drives threads of its own.
bool can_show(const Scenario& scenario, const Parameters& parameters) {
  return parameters.workers > 1 || scenario.exactly_workers == 1;
}

std::string bound_in_words(const Row& row) {
  const std::string which = "with " + in_words(row.parameters);
  if (row.tally.worked == 0) return "no bound: no operation was completed " + which;
  return zero_bound_in_words(row.tally.worked, which);
}

// The bound holds for each set of parameters, so its n is the smallest: what one set did not show, another may, and
// adding them up would promise a rate that none of them was looked at for. Trials that were cut short don't count.
std::string bound_in_words(const Scenario& scenario, const std::vector<Row>& rows) {
  const Row* least = nullptr;
  std::size_t sets = 0;
  bool equal = true;
  for (const Row& row : rows) {
    if (!can_show(scenario, row.parameters)) continue;
    ++sets;
    equal = equal && (least == nullptr || row.tally.worked == least->tally.worked);
    if (least == nullptr || row.tally.worked < least->tally.worked) least = &row;
  }
  if (least == nullptr) return "no bound: one worker can't race";
  if (sets == 1 || least->tally.worked == 0) return bound_in_words(*least);
  return zero_bound_in_words(least->tally.worked,
                             fmt::format("{}with each of {} sets of parameters{}", equal ? "" : "or more ", sets,
                                         scenario.exactly_workers == 1 ? "" : " of 2 workers or more"));
}

// What the turns of litmus trials add to a bound over processes, and what their processes could not do.
std::string turns_in_words(const Run& run, const Scenario& scenario, Lane lane) {
  std::uint64_t turns = 0, oversubscribed = 0, trials = 0;
  for (const Trial& trial : run.trials)
    if (trial.scenario == scenario.id && trial.lane == lane && trial.status == TrialStatus::completed) {
      turns += trial.turns;
      oversubscribed += trial.oversubscribed;
      ++trials;
    }
  if (scenario.outcomes.empty() || turns == 0) return {};
  std::string text = fmt::format(
      "; 0 of {} turns: rate below {:.1e} per turn at 95 %, if turns were independent, given "
      "these processes, placements and this CPU",
      grouped(turns), 3.0 / static_cast<double>(turns));
  if (oversubscribed != 0)
    text += fmt::format("; reduced: {} of {} processes had more actors than cores, which seldom all run at once",
                        oversubscribed, trials);
  return text;
}

// The bound is over processes: turns in one process are not independent.
std::string confidence_in_words(const Scenario& scenario, Verdict verdict, const Tally& tally,
                                const std::vector<Row>& rows, const Row& deciding) {
  if (tally.ended == 0) return {};
  switch (verdict) {
    case Verdict::fail:
      return fmt::format("undeclared findings in {}", of_processes(tally.undeclared_processes, tally.ended));
    case Verdict::missed: return bound_in_words(deciding);
    case Verdict::pass:
      if (tally.any_must_seen()) return seen_in_words(scenario, tally);
      return (tally.declared.empty() ? "" : "undeclared: ") + bound_in_words(scenario, rows);
    case Verdict::not_judged:
    case Verdict::error: break;
  }
  if (tally.worked == 0) return "no operation was completed in " + processes(tally.ended);
  return "nothing undeclared in " + processes(tally.ended);
}

const Gap* gap_of(const Run& run, const Scenario& scenario, Lane lane) {
  const auto found = std::find_if(run.gaps.begin(), run.gaps.end(),
                                  [&](const Gap& gap) { return gap.scenario == scenario.id && gap.lane == lane; });
  return found == run.gaps.end() ? nullptr : &*found;
}

const NotJudged* declared_not_judged(const Scenario& scenario, Lane lane) {
  const auto& all = scenario.expectation.not_judged;
  const auto found = std::find_if(all.begin(), all.end(), [lane](const NotJudged& each) { return each.lane == lane; });
  return found == all.end() ? nullptr : &*found;
}

std::string why(const Scenario& scenario, Lane lane, const std::vector<Row>& rows, const Row& deciding,
                const Tally& all) {
  if (rows.size() == 1) return deciding.judgement.why;
  if (deciding.judgement.verdict == Verdict::pass && !deciding.judgement.too_few_workers) {
    std::string text = why_pass(scenario, lane, all);
    if (!all.judged_as.empty())
      text += fmt::format(" (judged as {})", joined({all.judged_as.begin(), all.judged_as.end()}, "; "));
    return text;
  }
  const auto same = std::count_if(rows.begin(), rows.end(),
                                  [&](const Row& row) { return row.judgement.verdict == deciding.judgement.verdict; });
  std::string text = fmt::format("with {}: {}", in_words(deciding.parameters), deciding.judgement.why);
  if (same > 1) text += fmt::format("; likewise with {} other {} of parameters", same - 1, same == 2 ? "set" : "sets");
  return text;
}

// Without trials there is still a verdict for everything that was asked for, so that nothing drops out silently.
void judge_without_trials(ScenarioVerdict& verdict, const Run& run, const Gap* gap) {
  if (gap != nullptr) {
    verdict.verdict = gap->error ? Verdict::error : Verdict::not_judged;
    verdict.why = gap->reason;
  } else if (!run.complete) {
    verdict.verdict = Verdict::not_judged;
    verdict.why = "the run ended before its first trial";
  } else {
    verdict.verdict = Verdict::error;
    verdict.why = "no trial of it was planned, and no reason is recorded";
  }
}

ScenarioVerdict judge_lane(const Run& run, const Scenario& scenario, Lane lane) {
  ScenarioVerdict verdict;
  verdict.scenario = scenario.id;
  verdict.lane = lane;

  const std::vector<Row> rows = rows_of(run, scenario, lane);
  const Gap* gap = gap_of(run, scenario, lane);
  const NotJudged* declared = declared_not_judged(scenario, lane);
  Tally all;
  for (const Row& row : rows) {
    all.add(row.tally);
    verdict.detail.push_back({row.parameters, row.judgement.verdict, row.judgement.why, row.tally.trials});
  }
  verdict.declared = ids(all.declared);
  verdict.undeclared = ids(all.undeclared);
  verdict.confidence.processes = all.completed;
  verdict.confidence.operations = all.operations;

  if (rows.empty()) {
    judge_without_trials(verdict, run, gap);
  } else {
    // The first of the heaviest.
    const Row& deciding =
        *std::max_element(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return weight(a) < weight(b); });
    verdict.verdict = deciding.judgement.verdict;
    verdict.why = why(scenario, lane, rows, deciding, all);
    if (gap != nullptr && gap->error && verdict.verdict != Verdict::fail && verdict.verdict != Verdict::missed) {
      verdict.verdict = Verdict::error;
      verdict.why = gap->reason;
    }
    verdict.confidence.says = confidence_in_words(scenario, verdict.verdict, all, rows, deciding);
    if (verdict.verdict == Verdict::pass && !all.any_must_seen())
      verdict.confidence.says += turns_in_words(run, scenario, lane);
    // One process makes thousands of schedules, and a bound over processes would say nothing of them.
    if (const auto searched = lane == Lane::explore ? search_in_words(run, scenario) : std::string(); !searched.empty())
      verdict.confidence.says = searched;
  }
  // The scenario knows that this lane can't tell; but what was found was found.
  if (declared != nullptr && verdict.verdict != Verdict::fail) {
    verdict.verdict = Verdict::not_judged;
    verdict.why = declared->reason;
  }
  return verdict;
}

}  // namespace

std::vector<ScenarioVerdict> judge(const Run& run) {
  std::vector<ScenarioVerdict> verdicts;
  for (const Scenario& scenario : run.scenarios)
    for (const Lane lane : run.lanes) verdicts.push_back(judge_lane(run, scenario, lane));
  return verdicts;
}

}  // namespace chicane
