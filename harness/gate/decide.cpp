#include "harness/gate/decide.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include <fmt/format.h>

#include "harness/gate/measures.h"
#include "harness/gate/power.h"
#include "harness/statistics/rank_tests.h"
#include "harness/statistics/summary.h"

namespace chicane {
namespace {

// Rounds that a finding which the scenario may show has cost; more, and there is nothing left to compare.
constexpr std::uint32_t most_lost_rounds = 4;
constexpr double looks = 2;                  // at a suspect's fresh rounds
constexpr std::uint32_t rounds_at_once = 4;  // more, before it is asked again whether they are enough
// A paused side that uses this much of the CPU takes it from the other one.
constexpr double most_paused_share = 0.02;

double log_of(double share) { return std::log1p(share); }

std::vector<double> log_ratios(const GateEntry& entry, const std::string& measure, GateStage stage, bool same) {
  std::vector<double> values;
  for (const auto& round : entry.rounds)
    if (round.stage == stage && round.same == same)
      if (const auto at = round.log_ratios.find(measure); at != round.log_ratios.end()) values.push_back(at->second);
  return values;
}

std::vector<double> negated(std::vector<double> values) {
  for (auto& value : values) value = -value;
  return values;
}

class Decision {
 public:
  Decision(const std::vector<GateSubject>& subjects, const GateAsked& asked, std::uint64_t seed, RoundSource& source,
           const GateObserver& observer, GateResult& result)
      : subjects_(subjects),
        asked_(asked),
        seed_(seed),
        random_(seed),
        source_(source),
        observer_(observer),
        result_(result),
        lost_(subjects.size()) {
    for (const auto& subject : subjects) {
      GateEntry entry;
      entry.scenario = subject.scenario;
      entry.parameters = subject.parameters;
      entry.turns = subject.turns;
      result_.entries.push_back(std::move(entry));
    }
  }

  void run() {
    screen();
    find_suspects();
    confirm();
    for (std::size_t i = 0; i < subjects_.size(); ++i)
      if (!failed(i)) judge(i);
    try_other_layouts();
    judge_control();
    for (auto& entry : result_.entries) judge_entry(entry);
    conclude(result_);
  }

 private:
  struct Suspect {
    std::size_t subject;
    std::string measure;
    bool worse;  // else better
    double p = 1;
    bool proven = false;
  };

  bool failed(std::size_t i) const { return !result_.entries[i].why.empty(); }

  double margin_of(std::size_t i, const std::string& measure) const {
    const auto& subject = subjects_[i];
    return measure == time_measure ? subject.margin : subject.other_margins.at(measure);
  }
  // What is to be found of another measure is as far beyond its margin as it is for time.
  double detect_of(std::size_t i, const std::string& measure) const {
    const auto& subject = subjects_[i];
    return measure == time_measure ? subject.detect : margin_of(i, measure) * detect_in_margins;
  }

  bool time_is_up(std::size_t rounds_more) const {
    if (asked_.budget_ns == 0 || taken_ == 0) return false;
    const auto mean = static_cast<double>(spent_ns_) / static_cast<double>(taken_);
    return static_cast<double>(spent_ns_) + mean * static_cast<double>(rounds_more) >
           static_cast<double>(asked_.budget_ns);
  }

  // False: there is no such round.
  bool take(std::size_t i, bool same, GateStage stage) {
    auto& entry = result_.entries[i];
    const auto stream = (static_cast<std::uint64_t>(i) << 40) | (static_cast<std::uint64_t>(stage) << 36) |
                        (static_cast<std::uint64_t>(same) << 35) | numbers_++;
    auto outcome = source_.take(i, same, stage, mixed_seed(seed_, stream));
    if (source_.stopped()) return false;
    ++taken_;
    spent_ns_ += outcome.round.duration_ns;
    if (outcome.failed == DuetSide::none) {
      outcome.round.stage = stage;
      entry.rounds.push_back(std::move(outcome.round));
      return true;
    }
    return lose(i, std::move(outcome));
  }

  bool lose(std::size_t i, DuetOutcome outcome) {
    auto& entry = result_.entries[i];
    const auto declared = [&](const TrialFinding& found) {
      return subjects_[i].may.contains(std::string(name(found.finding.kind)));
    };
    const bool only_declared = !outcome.findings.empty() && std::ranges::all_of(outcome.findings, declared);
    if (only_declared && ++lost_[i] <= most_lost_rounds) return false;
    entry.why = outcome.why;
    if (only_declared) {
      entry.verdict = GateVerdict::inconclusive;
      entry.why += ", which it may show, and did in too many rounds to compare the others";
    } else if (outcome.failed == DuetSide::baseline) {
      entry.verdict = GateVerdict::inconclusive;
    } else if (outcome.findings.empty()) {
      entry.verdict = GateVerdict::error;
    } else {
      entry.verdict = GateVerdict::wrong;
      for (const auto& found : outcome.findings)
        if (!declared(found))
          result_.findings.push_back({entry.scenario,
                                      Lane::bench,
                                      found.finding.kind,
                                      found.finding.fingerprint,
                                      found.finding.evidence.message,
                                      {}});
    }
    return false;
  }

  // One round of each of `wanted` in random order.
  void pass(const std::vector<std::size_t>& wanted, std::uint32_t& done, std::uint32_t planned) {
    auto order = wanted;
    std::ranges::shuffle(order, random_);
    for (const auto i : order) {
      if (source_.stopped()) return;
      if (!failed(i)) take(i, false, GateStage::screening);
      observer_({GateStage::screening, ++done, planned});
    }
    // Whose turn it is to be compared with itself.
    for (std::size_t tried = 0; tried < order.size() && !source_.stopped(); ++tried) {
      const auto i = order[tried];
      if (failed(i)) continue;
      take(i, true, GateStage::screening);
      return;
    }
  }

  void screen() {
    std::vector<std::size_t> all(subjects_.size());
    std::iota(all.begin(), all.end(), 0);
    std::uint32_t done = 0;
    auto planned = static_cast<std::uint32_t>(all.size()) * asked_.rounds;
    for (std::uint32_t round = 0; round < asked_.rounds && !time_is_up(all.size()); ++round) pass(all, done, planned);
    // More for those that could not show what is asked, as long as that may still come.
    for (std::vector<std::size_t> wanted; !source_.stopped();) {
      wanted.clear();
      for (const auto i : all)
        if (!failed(i) && wants_more(i)) wanted.push_back(i);
      if (wanted.empty()) return;
      planned += static_cast<std::uint32_t>(wanted.size()) * rounds_at_once;
      for (std::uint32_t round = 0; round < rounds_at_once; ++round) {
        if (time_is_up(wanted.size())) return;
        pass(wanted, done, planned);
      }
    }
  }

  bool wants_more(std::size_t i) const {
    const auto seen = log_ratios(result_.entries[i], time_measure, GateStage::screening, false);
    const auto margin = log_of(subjects_[i].margin), detect = log_of(subjects_[i].detect);
    if (seen.empty() || seen.size() + rounds_at_once > asked_.most_rounds) return false;
    const TwoStages stages{margin, seen.size(), last_look(first_look(i, time_measure)), screening_alpha,
                           asked_.alpha / looks};
    return !shows(seen, detect, stages, asked_.power) &&
           may_be_seen(seen, margin, detect, screening_alpha, asked_.power, asked_.most_rounds);
  }

  std::vector<std::string> measures_of(std::size_t i) const {
    std::vector<std::string> measures;
    if (!subjects_[i].ignored.contains(time_measure)) measures.emplace_back(time_measure);
    for (const auto& [measure, margin] : subjects_[i].other_margins)
      if (!log_ratios(result_.entries[i], measure, GateStage::screening, false).empty()) measures.push_back(measure);
    return measures;
  }

  void find_suspects() {
    for (std::size_t i = 0; i < subjects_.size(); ++i) {
      if (failed(i)) continue;
      for (const auto& measure : measures_of(i)) {
        const auto seen = log_ratios(result_.entries[i], measure, GateStage::screening, false);
        const auto margin = log_of(margin_of(i, measure));
        if (signed_rank_greater(seen, margin) <= screening_alpha) suspects_.push_back({i, measure, true});
        if (signed_rank_greater(negated(seen), margin) <= screening_alpha) suspects_.push_back({i, measure, false});
      }
    }
  }

  std::size_t worse_suspects() const {
    return static_cast<std::size_t>(std::ranges::count(suspects_, true, &Suspect::worse));
  }
  // Of one look at one suspect.
  double confirming_level() const {
    return asked_.alpha / static_cast<double>(std::max<std::size_t>(worse_suspects(), 1)) / looks;
  }
  std::size_t first_look(std::size_t i, const std::string& measure) const {
    const auto seen = log_ratios(result_.entries[i], measure, GateStage::screening, false);
    return confirming_rounds(seen, log_of(margin_of(i, measure)), log_of(detect_of(i, measure)), confirming_level(),
                             asked_.power);
  }

  // Twice at most: with the rounds that its noise asks for, and, where that proves nothing though it still looks
  // slower, with as many as bear a round or two that went the other way. Both looks share the suspect's level
  // (Bonferroni).
  void confirm() {
    std::map<std::size_t, Wanted> wanted;
    for (const auto& suspect : suspects_) want(wanted, suspect, first_look(suspect.subject, suspect.measure));
    play_fresh(wanted);
    weigh();
    wanted.clear();
    for (const auto& suspect : suspects_) {
      if (suspect.proven || !suspect.worse || failed(suspect.subject)) continue;
      const auto fresh = fresh_of(suspect);
      const auto all = last_look(first_look(suspect.subject, suspect.measure));
      if (fresh.empty() || fresh.size() >= all || !looks_beyond(suspect, fresh)) continue;
      want(wanted, suspect, all - fresh.size());
    }
    if (wanted.empty()) return;
    play_fresh(wanted);
    weigh();
  }

  struct Wanted {
    std::size_t rounds = 0;
    bool worse = false;
  };

  static void want(std::map<std::size_t, Wanted>& wanted, const Suspect& suspect, std::size_t rounds) {
    auto& own = wanted[suspect.subject];
    own.rounds = std::max(own.rounds, rounds);
    own.worse = own.worse || suspect.worse;
  }

  void play_fresh(std::map<std::size_t, Wanted> wanted) {
    std::uint32_t done = 0, planned = 0;
    for (const auto& [i, own] : wanted) planned += static_cast<std::uint32_t>(own.rounds);
    while (!wanted.empty() && !source_.stopped()) {
      std::vector<std::size_t> order;
      for (const auto& [i, own] : wanted) order.push_back(i);
      std::ranges::shuffle(order, random_);
      for (const auto i : order) {
        auto& own = wanted.at(i);
        if (!failed(i)) take(i, false, GateStage::confirming);
        if (!failed(i) && own.worse) take(i, true, GateStage::confirming);
        observer_({GateStage::confirming, ++done, planned});
        if (--own.rounds == 0 || failed(i)) wanted.erase(i);
      }
    }
  }

  std::vector<double> fresh_of(const Suspect& suspect) const {
    auto fresh = log_ratios(result_.entries[suspect.subject], suspect.measure, GateStage::confirming, false);
    return suspect.worse ? fresh : negated(std::move(fresh));
  }

  bool looks_beyond(const Suspect& suspect, std::span<const double> fresh) const {
    return hodges_lehmann(fresh).median > log_of(margin_of(suspect.subject, suspect.measure));
  }

  void weigh() {
    for (const bool worse : {true, false}) {
      std::vector<double> p_values;
      for (auto& suspect : suspects_) {
        if (suspect.worse != worse) continue;
        const double p = signed_rank_greater(fresh_of(suspect), log_of(margin_of(suspect.subject, suspect.measure)));
        suspect.p = std::min(suspect.p, looks * p);
        p_values.push_back(suspect.p);
      }
      const auto rejected = holm(p_values, asked_.alpha);
      std::size_t at = 0;
      for (auto& suspect : suspects_)
        if (suspect.worse == worse) suspect.proven = rejected[at++];
    }
  }

  void judge(std::size_t i) {
    auto& entry = result_.entries[i];
    for (const auto& name : measures_of(i)) {
      GateMeasure measure;
      measure.name = name;
      measure.margin = margin_of(i, name);
      const auto margin = log_of(measure.margin);
      const auto seen = log_ratios(entry, name, GateStage::screening, false);
      const auto fresh = log_ratios(entry, name, GateStage::confirming, false);
      measure.screening_rounds = static_cast<std::uint32_t>(seen.size());
      measure.confirming_rounds = static_cast<std::uint32_t>(fresh.size());
      if (seen.empty()) {
        measure.why = "no round was played";
        entry.measures.push_back(std::move(measure));
        continue;
      }
      measure.p_screening = signed_rank_greater(seen, margin);
      // Of a suspect only the fresh rounds: those that made it one lean to that side.
      const auto shown = hodges_lehmann(fresh.empty() ? seen : fresh);
      show(measure, shown);
      const TwoStages stages{margin, seen.size(), last_look(first_look(i, name)), screening_alpha, confirming_level()};
      if (const auto slowdown = detectable_by(seen, stages, asked_.power)) measure.detectable = std::exp(*slowdown);
      const double asked_of = detect_of(i, name);
      measure.power = power_of(seen, log_of(asked_of), stages);
      measure.verdict =
          measure.detectable && *measure.detectable <= 1 + asked_of ? GateVerdict::pass : GateVerdict::inconclusive;
      if (measure.verdict == GateVerdict::inconclusive)
        measure.why = measure.detectable
                          ? fmt::format("only {:.1f} % or more would be found here, and {:.1f} % is asked",
                                        (*measure.detectable - 1) * 100, asked_of * 100)
                          : fmt::format("{} rounds would find nothing, however large", seen.size());
      for (const auto& suspect : suspects_) {
        if (suspect.subject != i || suspect.measure != name) continue;
        if (suspect.worse) measure.p_confirming = suspect.p;
        if (!suspect.proven) continue;
        measure.verdict = suspect.worse ? GateVerdict::regression : GateVerdict::improved;
        measure.why = fmt::format("{:+.1f} %, beyond the margin of {:g} % (p = {:.2g} in {} fresh rounds)",
                                  (*measure.ratio - 1) * 100, measure.margin * 100, suspect.p, fresh.size());
      }
      entry.measures.push_back(std::move(measure));
    }
  }

  // A slowdown that is gone when the same code lies elsewhere is none of the change's.
  void try_other_layouts() {
    std::vector<std::pair<std::size_t, std::size_t>> wanted;
    for (std::size_t i = 0; i < subjects_.size(); ++i)
      for (std::size_t m = 0; m < result_.entries[i].measures.size(); ++m)
        if (result_.entries[i].measures[m].verdict == GateVerdict::regression) wanted.emplace_back(i, m);
    for (const auto& [i, m] : wanted) {
      auto& entry = result_.entries[i];
      if (!source_.has_other_layout(i)) {
        entry.measures[m].why += "; layout not excluded";
        continue;
      }
      const auto name = entry.measures[m].name;
      std::string failure;
      if (log_ratios(entry, name, GateStage::other_layout, false).empty())
        failure = take_elsewhere(i, entry.measures[m].confirming_rounds);
      auto& measure = entry.measures[m];
      const auto elsewhere = log_ratios(entry, name, GateStage::other_layout, false);
      const auto margin = log_of(measure.margin);
      const auto there = elsewhere.empty() ? Estimate{} : hodges_lehmann(elsewhere);
      if (!failure.empty()) {
        measure.why += fmt::format("; layout not excluded ({})", failure);
      } else if (!elsewhere.empty() && signed_rank_greater(elsewhere, margin) <= screening_alpha) {
        measure.layout_excluded = true;
        measure.why += "; also when linked in other orders";
      } else if (there.high && *there.high < margin) {
        measure.verdict = GateVerdict::pass;
        measure.why += fmt::format("; but {:+.1f} % when linked in other orders: where the code lies, not what it does",
                                   std::expm1(there.median) * 100);
      } else {
        measure.why += "; layout not excluded: other orders of linking decide nothing";
      }
    }
  }

  // Why there are not as many rounds; empty: there are. They can't undo what is proven.
  std::string take_elsewhere(std::size_t i, std::uint32_t rounds) {
    for (std::uint32_t round = 0; round < rounds && !source_.stopped(); ++round) {
      const auto stream = (static_cast<std::uint64_t>(i) << 40) |
                          (static_cast<std::uint64_t>(GateStage::other_layout) << 36) | numbers_++;
      auto outcome = source_.take(i, false, GateStage::other_layout, mixed_seed(seed_, stream));
      if (outcome.failed != DuetSide::none) return outcome.why;
      outcome.round.stage = GateStage::other_layout;
      result_.entries[i].rounds.push_back(std::move(outcome.round));
      observer_({GateStage::other_layout, round + 1, rounds});
    }
    return {};
  }

  void judge_control() {
    std::vector<double> pool;
    for (const auto& entry : result_.entries)
      for (const auto value : log_ratios(entry, time_measure, GateStage::screening, true)) pool.push_back(value);
    auto& control = result_.control;
    control.rounds = static_cast<std::uint32_t>(pool.size());
    if (pool.empty()) return;
    const auto margin = log_of(asked_.margin);
    control.ratio = std::exp(hodges_lehmann(pool).median);
    control.p_slower = signed_rank_greater(pool, margin);
    control.p_faster = signed_rank_greater(negated(pool), margin);
    control.alarm = std::min(*control.p_slower, *control.p_faster) <= asked_.alpha / 2;
    for (std::size_t i = 0; i < subjects_.size(); ++i) {
      auto& entry = result_.entries[i];
      const auto same = log_ratios(entry, time_measure, GateStage::confirming, true);
      if (same.empty() || signed_rank_greater(same, log_of(subjects_[i].margin)) > asked_.alpha) continue;
      control.alarm = true;
      for (auto& measure : entry.measures)
        if (measure.verdict == GateVerdict::regression) {
          measure.verdict = GateVerdict::invalid;
          measure.why = fmt::format("the baseline was also {:+.1f} % slower than itself",
                                    std::expm1(hodges_lehmann(same).median) * 100);
        }
    }
  }

  static void judge_entry(GateEntry& entry) {
    if (!entry.why.empty()) return;
    if (entry.rounds.empty()) {
      entry.verdict = GateVerdict::inconclusive;
      entry.why = "no round was played";
      return;
    }
    std::vector<double> paused;
    for (const auto& round : entry.rounds) paused.push_back(round.paused_share);
    if (const double usual = median_with_interval(paused).median; usual > most_paused_share) {
      entry.verdict = GateVerdict::inconclusive;
      entry.why = fmt::format(
          "a paused side went on using the CPU ({:.0f} % of the other's time): its threads must "
          "sleep between slices to be compared",
          usual * 100);
      return;
    }
    if (entry.measures.empty()) {
      entry.verdict = GateVerdict::not_compared;
      entry.why = "the policy ignores all that was measured";
    }
    judge_by_measures(entry);
  }

  const std::vector<GateSubject>& subjects_;
  const GateAsked& asked_;
  std::uint64_t seed_;
  std::mt19937_64 random_;
  RoundSource& source_;
  const GateObserver& observer_;
  GateResult& result_;
  std::vector<Suspect> suspects_;
  std::vector<std::uint32_t> lost_;
  std::uint64_t numbers_ = 0;
  std::uint64_t taken_ = 0;
  std::int64_t spent_ns_ = 0;
};

}  // namespace

void decide(const std::vector<GateSubject>& subjects, const GateAsked& asked, std::uint64_t seed, RoundSource& source,
            const GateObserver& observer, GateResult& result) {
  Decision(subjects, asked, seed, source, observer, result).run();
}

void show(GateMeasure& measure, const Estimate& log_ratio) {
  measure.ratio = std::exp(log_ratio.median);
  if (log_ratio.low) measure.low = std::exp(*log_ratio.low);
  if (log_ratio.high) measure.high = std::exp(*log_ratio.high);
}

void judge_by_measures(GateEntry& entry) {
  if (entry.measures.empty()) return;
  entry.verdict = GateVerdict::pass;  // where the policy ignores time
  for (const auto& measure : entry.measures) {
    const bool is_time = measure.name == time_measure;
    const bool is_worse = measure.verdict == GateVerdict::regression || measure.verdict == GateVerdict::invalid;
    if (entry.verdict == GateVerdict::invalid || (!is_time && !is_worse)) continue;
    entry.verdict = measure.verdict;
    entry.why = is_time ? measure.why : fmt::format("{}: {}", measure.name, measure.why);
  }
}

void conclude(GateResult& result) {
  // What the duet stopped at, and is waived since: it was not timed, and is not held against the candidate.
  for (auto& entry : result.entries) {
    if (entry.verdict != GateVerdict::wrong) continue;
    const auto counts = [&](const GateFinding& f) {
      return f.scenario == entry.scenario && f.lane == Lane::bench && f.waived.empty();
    };
    if (std::ranges::any_of(result.findings, counts)) continue;
    entry.verdict = GateVerdict::not_compared;
    entry.why = "what it shows is waived, and stopped it: " + entry.why;
  }
  const auto any = [&](GateVerdict verdict) {
    return std::ranges::find(result.entries, verdict, &GateEntry::verdict) != result.entries.end();
  };
  const auto first = [&](GateVerdict verdict) {
    std::string which;
    std::size_t more = 0;
    for (const auto& entry : result.entries)
      if (entry.verdict == verdict && !which.empty())
        ++more;
      else if (entry.verdict == verdict)
        which = fmt::format("{}: {}", entry.scenario, entry.why);
    return more == 0 ? which : fmt::format("{} (and {} more)", which, more);
  };
  const auto counts = std::ranges::find_if(result.findings, [](const GateFinding& f) { return f.waived.empty(); });
  const auto be = [&](GateVerdict verdict, std::string why) { result.verdict = verdict, result.why = std::move(why); };
  if (counts != result.findings.end())
    be(GateVerdict::wrong, fmt::format("{}: {} in the {} lane{}{}", counts->scenario, name(counts->kind),
                                       name(counts->lane), counts->says.empty() ? "" : ": ", counts->says));
  else if (any(GateVerdict::error))
    be(GateVerdict::error, first(GateVerdict::error));
  else if (any(GateVerdict::missing))
    be(GateVerdict::missing, first(GateVerdict::missing));
  else if (result.control.alarm)
    be(GateVerdict::invalid,
       "the baseline differed from itself by more than the margin: this host can't be trusted "
       "with a comparison now");
  else if (any(GateVerdict::regression))
    be(GateVerdict::regression, first(GateVerdict::regression));
  else if (!result.unjudged.empty())
    be(GateVerdict::inconclusive, fmt::format("a lane that must judge did not: {}", result.unjudged.front()));
  else if (any(GateVerdict::inconclusive) || any(GateVerdict::invalid))
    be(GateVerdict::inconclusive,
       first(any(GateVerdict::inconclusive) ? GateVerdict::inconclusive : GateVerdict::invalid));
  else if (result.entries.empty() && result.outcomes.empty())
    be(GateVerdict::inconclusive, "there was nothing to compare");
  else
    be(GateVerdict::pass, "");
}

int exit_status(const GateResult& result) {
  switch (result.verdict) {
    case GateVerdict::pass:
    case GateVerdict::not_compared:
    case GateVerdict::improved: return 0;
    case GateVerdict::regression: return 1;
    case GateVerdict::missing:
    case GateVerdict::error: return 2;
    case GateVerdict::inconclusive:
    case GateVerdict::invalid: return 3;
    case GateVerdict::wrong: return 4;
  }
  return 2;
}

}  // namespace chicane
