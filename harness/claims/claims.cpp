#include "harness/claims/claims.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/claims/tutorials.h"
#include "harness/statistics/shares.h"

namespace chicane {
namespace {

void not_measured(Claim& claim, const std::string& why) {
  claim.grade = ClaimGrade::not_measured;
  claim.why = why;
}

// The whole interval must be on one side of the limit.
ClaimGrade grade_of(const Estimate& estimate, const TutorialClaim& said) {
  if (!estimate.low || !estimate.high) return ClaimGrade::inconclusive;
  if (said.at_least ? *estimate.low >= said.limit : *estimate.high <= said.limit) return ClaimGrade::holds;
  if (said.at_least ? *estimate.high < said.limit : *estimate.low > said.limit) return ClaimGrade::does_not_hold;
  return ClaimGrade::inconclusive;
}

void weigh_ratio(const Run& run, const TutorialClaim& said, Claim& claim) {
  const auto left = rounds_of(run, said.left);
  if (!left) return not_measured(claim, left.error().message);
  const auto right = rounds_of(run, said.right);
  if (!right) return not_measured(claim, right.error().message);
  const auto ratio = ratio_of(*left, *right);
  claim.value = ratio.median;
  claim.low = ratio.low;
  claim.high = ratio.high;
  claim.grade = grade_of(ratio, said);
  if (!ratio.low)
    claim.why = fmt::format("{} rounds have both, and bear no 95 % interval: it takes 6, or 7 of each", ratio.rounds);
}

// A check that failed settles it before any figure. `how`: what that means, of processes.
bool disproved(const Shown& wrong, const char* how, Claim& claim) {
  if (wrong.showing == 0) return false;
  claim.grade = ClaimGrade::does_not_hold;
  claim.why = fmt::format("{} of {} processes {}", wrong.showing, wrong.processes, how);
  return true;
}

void weigh_price(const Run& run, const TutorialClaim& said, Claim& claim) {
  const auto wrong = processes_showing(run, said.left, FindingKind::wrong_result);
  if (disproved(wrong, "counted wrong with a lock", claim)) return;
  weigh_ratio(run, said, claim);
  if (claim.grade != ClaimGrade::not_measured)
    claim.why = fmt::format("none of {} processes counted wrong with a lock", wrong.processes);
}

// The share of the processes, in percent, with its 95 % interval.
void tell_share(Claim& claim, std::uint32_t hits, std::uint32_t of) {
  const auto bounds = clopper_pearson(hits, of);
  claim.value = 100.0 * hits / of;
  claim.low = 100 * bounds.lower;
  claim.high = 100 * bounds.upper;
  claim.why = fmt::format("{} of {}", hits, of);
}

// One that shows it proves it. Where none does it may still be rare: only a share that is surely below a half, which
// takes six processes, is called not to hold.
void weigh_shown(const Run& run, const TutorialClaim& said, Claim& claim) {
  const auto wrong = processes_showing(run, said.left, FindingKind::wrong_result);
  if (wrong.processes == 0)
    return not_measured(claim, fmt::format("no process of {} was run to its end", said.left.scenario));
  tell_share(claim, wrong.showing, wrong.processes);
  claim.grade = wrong.showing != 0 ? ClaimGrade::holds
                : *claim.high < 50 ? ClaimGrade::does_not_hold
                                   : ClaimGrade::inconclusive;
}

void weigh_most(const Run& run, const TutorialClaim& said, Claim& claim) {
  if (disproved(processes_showing(run, said.left, FindingKind::wrong_result), "failed its check", claim)) return;
  const auto rounds = rounds_of(run, said.left);
  if (!rounds) return not_measured(claim, rounds.error().message);
  const auto most = std::ranges::max(*rounds, {}, &RoundFigure::value).value;
  claim.value = most;
  claim.grade = most == said.limit  ? ClaimGrade::holds
                : most > said.limit ? ClaimGrade::does_not_hold
                                    : ClaimGrade::inconclusive;
  if (most < said.limit) claim.why = "there were never as many at once";
}

// The reverse of weigh_shown: one that fails its check disproves it, and it holds where surely more than half pass.
void weigh_declared(const Run& run, const TutorialClaim& said, Claim& claim) {
  const auto wrong = processes_showing(run, said.left, FindingKind::wrong_result);
  const auto why = why_not_right(run, said.left.scenario);
  if (wrong.processes == 0) return not_measured(claim, why.empty() ? "no process of it was run to its end" : why);
  tell_share(claim, wrong.processes - wrong.showing, wrong.processes);
  claim.grade = wrong.showing != 0 ? ClaimGrade::does_not_hold
                : *claim.low > 50  ? ClaimGrade::holds
                                   : ClaimGrade::inconclusive;
}

std::string condition(const TutorialClaim& said) {
  switch (said.kind) {
    case ClaimKind::ratio: return fmt::format("{} {}", said.at_least ? "at least" : "at most", said.limit);
    case ClaimKind::price: return fmt::format("no total is wrong, and the price at least {}", said.limit);
    case ClaimKind::shown: return "any; if none and surely below 50 %, it does not";
    case ClaimKind::most: return fmt::format("{}, and no more", said.limit);
    case ClaimKind::as_declared: return "all, and surely above 50 %";
  }
  return "";
}

std::string unit(const TutorialClaim& said) {
  switch (said.kind) {
    case ClaimKind::ratio:
    case ClaimKind::price: return "×";
    case ClaimKind::shown:
    case ClaimKind::as_declared: return "%";
    case ClaimKind::most: break;
  }
  return "";
}

Claim weigh(const Run& run, const TutorialClaim& said) {
  Claim claim;
  claim.id = said.id;
  claim.language = said.language;
  claim.says = said.says;
  claim.figure = said.figure;
  claim.unit = unit(said);
  claim.holds_if = condition(said);
  claim.scenarios = {said.left.scenario};
  if (!said.right.scenario.empty() && said.right.scenario != said.left.scenario)
    claim.scenarios.push_back(said.right.scenario);
  switch (said.kind) {
    case ClaimKind::ratio: weigh_ratio(run, said, claim); break;
    case ClaimKind::price: weigh_price(run, said, claim); break;
    case ClaimKind::shown: weigh_shown(run, said, claim); break;
    case ClaimKind::most: weigh_most(run, said, claim); break;
    case ClaimKind::as_declared: weigh_declared(run, said, claim); break;
  }
  return claim;
}

Choice without_figure(const TutorialChoice& said, const std::string& why) {
  Choice choice;
  choice.language = said.language;
  choice.work = said.work;
  choice.way = said.way;
  choice.scenario = said.side.scenario;
  choice.why = why;
  return choice;
}

bool same_row(const Choice& a, const Choice& b) { return a.language == b.language && a.work == b.work; }

// Best is only who is so for certain: the interval of its time over each other way's lies below 1. `rounds`: each
// choice's; empty where it has no figure.
void mark_best(std::vector<Choice>& choices, const std::vector<std::vector<RoundFigure>>& rounds) {
  for (std::size_t i = 0; i < choices.size(); ++i) {
    bool compared = false, best = !rounds[i].empty();
    for (std::size_t j = 0; j < choices.size() && best; ++j) {
      if (j == i || rounds[j].empty() || !same_row(choices[i], choices[j])) continue;
      const auto ratio = ratio_of(rounds[i], rounds[j]);
      best = ratio.high && *ratio.high < 1;
      compared = true;
    }
    choices[i].best = best && compared;
  }
}

}  // namespace

std::vector<Claim> weigh_claims(const Run& run) {
  std::vector<Claim> claims;
  for (const auto& said : tutorial_claims()) claims.push_back(weigh(run, said));
  const bool any =
      std::ranges::any_of(claims, [](const Claim& each) { return each.grade != ClaimGrade::not_measured; });
  return any ? claims : std::vector<Claim>{};
}

std::vector<Choice> weigh_choices(const Run& run) {
  std::vector<Choice> choices;
  std::vector<std::vector<RoundFigure>> rounds_of_choices;
  const TutorialChoice* first = nullptr;
  bool any = false;
  for (const auto& said : tutorial_choices()) {
    if (first == nullptr || std::string_view(first->work) != said.work ||
        std::string_view(first->language) != said.language)
      first = &said;
    auto& rounds = rounds_of_choices.emplace_back();
    if (said.side.scenario.empty()) {
      choices.push_back(without_figure(said, said.why));
      continue;
    }
    const auto base = rounds_of(run, first->side);
    auto own = rounds_of(run, said.side);
    if (!base || !own) {
      choices.push_back(without_figure(said, base ? own.error().message : base.error().message));
      continue;
    }
    auto choice = without_figure(said, "");
    choice.time_ns = median_of(*own).median;
    if (&said == first) {
      choice.relative_time = choice.low = choice.high = 1;
    } else {
      const auto ratio = ratio_of(*own, *base);
      choice.relative_time = ratio.median;
      choice.low = ratio.low;
      choice.high = ratio.high;
      any = true;
    }
    rounds = std::move(*own);
    choices.push_back(std::move(choice));
  }
  mark_best(choices, rounds_of_choices);
  for (const auto& said : tutorial_starts()) {
    if (said.side.scenario.empty()) {
      choices.push_back(without_figure(said, said.why));
      continue;
    }
    const auto rounds = rounds_of(run, said.side);
    auto choice = without_figure(said, rounds ? "" : rounds.error().message);
    if (rounds) {
      choice.time_ns = median_of(*rounds).median;
      any = true;
    }
    choices.push_back(std::move(choice));
  }
  for (const auto& said : tutorial_memory()) {
    const auto rounds = rounds_of(run, said.side);
    auto choice = without_figure(said, rounds ? "" : rounds.error().message);
    if (rounds) {
      choice.bytes = median_of(*rounds).median;
      any = true;
    }
    choices.push_back(std::move(choice));
  }
  return any ? choices : std::vector<Choice>{};
}

}  // namespace chicane
