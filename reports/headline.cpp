// The run in one sentence, and the closed lists of words as people read them.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/figures.h"
#include "reports/reading.h"

namespace chicane::reports {
namespace {

struct Tally {
  std::uint32_t judged = 0, unjudged = 0;
  std::uint32_t caught = 0, hidden = 0;  // wrong twins: their finding seen, or not asked for in these lanes
  std::uint32_t clean = 0, allowed = 0;  // right ones: nothing found, or only what they may show
  std::vector<std::string> failed, missed, error;
};

Tally tally(const Reading& reading) {
  Tally all;
  for (const auto& scenario : reading.run().scenarios) {
    bool passed = false, saw = false;
    std::vector<std::string>* trouble = nullptr;
    for (const auto lane : reading.run().lanes) {
      const auto* verdict = reading.verdict(scenario.id, lane);
      if (verdict == nullptr) continue;
      if (verdict->verdict == Verdict::fail) trouble = &all.failed;
      if (verdict->verdict == Verdict::missed && trouble != &all.failed) trouble = &all.missed;
      if (verdict->verdict == Verdict::error && trouble == nullptr) trouble = &all.error;
      passed |= verdict->verdict == Verdict::pass;
      saw |= !verdict->declared.empty();
    }
    if (trouble != nullptr)
      trouble->push_back(scenario.id);
    else if (!passed)
      ++all.unjudged;
    else if (!scenario.expectation.must.empty())
      ++(saw ? all.caught : all.hidden);
    else
      ++(saw ? all.allowed : all.clean);
    all.judged += trouble != nullptr || passed;
  }
  return all;
}

std::string listed(const std::vector<std::string>& ids) {
  constexpr std::size_t shown = 3;
  const std::vector<std::string> first(ids.begin(), ids.begin() + static_cast<long>(std::min(shown, ids.size())));
  auto text = fmt::format("{}", fmt::join(first, ", "));
  if (ids.size() > shown) text += fmt::format(" and {} more", ids.size() - shown);
  return text;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  return fmt::format("{}", fmt::join(parts, between));
}

}  // namespace

Headline Reading::headline() const {
  const auto all = tally(*this);
  Headline told;
  if (all.unjudged != 0 && all.judged != 0) told.remark = count(all.unjudged) + " could not be judged here.";
  if (!run_.complete)
    told.remark += std::string(told.remark.empty() ? "" : " ") + "The run was stopped before its end.";
  if (all.judged == 0) {
    told.says = "Nothing could be judged";
    return told;
  }
  std::vector<std::string> parts;
  const auto troubled = all.failed.size() + all.missed.size() + all.error.size();
  if (troubled != 0) {
    if (!all.failed.empty()) parts.push_back("something undeclared was found in " + listed(all.failed));
    if (!all.missed.empty()) parts.push_back("what is declared was not found in " + listed(all.missed));
    if (!all.error.empty()) parts.push_back("could not be run: " + listed(all.error));
    told.says = fmt::format("{} of {} {} not as declared", count(troubled), plural(all.judged, "scenario"),
                            troubled == 1 ? "is" : "are");
    told.detail = joined(parts, "; ");
    return told;
  }
  if (all.caught != 0) parts.push_back(plural(all.caught, "wrong twin") + " caught");
  if (all.clean != 0) parts.push_back(plural(all.clean, "right one") + " clean");
  if (all.allowed != 0) parts.push_back(plural(all.allowed, "right one") + " with only what it may show");
  if (all.hidden != 0) parts.push_back(plural(all.hidden, "wrong twin") + " that these lanes need not see");
  told.says = all.judged == 1 ? "The one scenario that was judged is as declared"
                              : fmt::format("All {} are as declared", plural(all.judged, "scenario"));
  told.detail = joined(parts, ", ");
  return told;
}

std::string Headline::sentence() const {
  auto text = detail.empty() ? says + "." : fmt::format("{}: {}.", says, detail);
  return remark.empty() ? text : text + " " + remark;
}

std::string_view words_of(Verdict verdict) { return verdict == Verdict::not_judged ? "not judged" : name(verdict); }

std::string_view shape_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "✓";
    case Verdict::fail: return "✗";
    case Verdict::missed: return "?";
    case Verdict::not_judged: return "–";
    case Verdict::error: break;
  }
  return "!";
}

std::string words_of(FindingKind kind) {
  std::string words(name(kind));
  std::ranges::replace(words, '_', ' ');
  return words;
}

std::string words_of(const Parameters& parameters) {
  auto words = parameters.worker_kind == WorkerKind::process ? plural(parameters.workers, "process", "processes")
                                                             : plural(parameters.workers, "worker");
  for (const auto& [axis, value] : parameters.args) words += fmt::format(", {}={}", axis, value);
  return words;
}

std::string words_of(const Expectation& expectation) {
  std::vector<std::string> parts;
  const auto add = [&](std::string_view modal, const ExpectedFinding& expected) {
    auto part = fmt::format("{} show {}", modal, words_of(expected.kind));
    // A check is named, not entered.
    const bool is_check = expected.kind == FindingKind::wrong_result || expected.kind == FindingKind::limit_exceeded;
    if (!expected.at.empty()) part += (is_check ? ": " : " in ") + expected.at;
    if (expected.field) part += " on " + expected.field->name;
    parts.push_back(std::move(part));
  };
  for (const auto& expected : expectation.must) add("must", expected);
  for (const auto& expected : expectation.may) add("may", expected);
  return parts.empty() ? "clean" : joined(parts, "; ");
}

}  // namespace chicane::reports
