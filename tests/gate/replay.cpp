// chicane-gate-replay: how a gate would have gone, many times over, from the rounds that real gates recorded. Whole
// rounds are drawn with replacement (Efron, 1979), each from those of its scenario and kind, and the gate's own
// decision is made of them. Beside it, on the same rounds, what two other rules would have said.
//
//   usage: chicane-gate-replay [--slower] GATES SEED TRUE_PERCENT GATE.json…
//
// Prints one JSON object. TRUE_PERCENT: by how much the candidates really are slower; 0: they are the same. With
// --slower they were recorded as the same, and each compared round is made slower by so much here: then the gates are
// asked to find just that, and the power that they state is that of it.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <map>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/gate/decide.h"
#include "harness/model/files.h"
#include "harness/statistics/rank_tests.h"
#include "harness/statistics/summary.h"

namespace chicane {
namespace {

struct Recorded {
  std::vector<GateSubject> subjects;
  std::vector<std::vector<GateRound>> compared, same;  // by subject
};
// By which build was the baseline: rounds of one order are never mixed with those of the other, in which a difference
// between the builds has the other sign.
using Orders = std::map<std::string, Recorded>;

class Redrawn final : public RoundSource {
 public:
  Redrawn(const Recorded& recorded, std::uint64_t seed) : recorded_(recorded), random_(seed) {}
  DuetOutcome take(std::size_t subject, bool same, GateStage stage, std::uint64_t) override {
    const auto& pool = same ? recorded_.same[subject] : recorded_.compared[subject];
    DuetOutcome outcome;
    outcome.round = pool[random_() % pool.size()];
    outcome.round.stage = stage;
    outcome.round.same = same;
    return outcome;
  }
  bool has_other_layout(std::size_t) override { return false; }
  bool stopped() override { return false; }

 private:
  const Recorded& recorded_;
  std::mt19937_64 random_;
};

void slow_down(GateRound& round, double by) {
  round.candidate_ns *= 1 + by;
  if (const auto time = round.log_ratios.find("wall_ns_per_operation"); time != round.log_ratios.end())
    time->second += std::log1p(by);
}

double median_of(std::span<const double> values) { return median_with_interval(values).median; }

// Nine repetitions of each side, not in pairs: the candidate's are the nine rounds after the baseline's.
struct OtherRules {
  bool rank_sum = false, last_time = false;
};
OtherRules others(const std::vector<GateRound>& pool, std::mt19937_64& random) {
  constexpr std::size_t repetitions = 9;
  // Neighbours in time, as repetitions are.
  const auto first = random() % (pool.size() - 2 * repetitions + 1);
  std::vector<double> before, after;
  for (std::size_t i = 0; i < repetitions; ++i) {
    before.push_back(pool[first + i].baseline_ns);
    after.push_back(pool[first + repetitions + i].candidate_ns);
  }
  OtherRules rules;
  rules.rank_sum = rank_sum_differs(after, before) < 0.05 && median_of(after) > median_of(before);
  double sum_before = 0, sum_after = 0;
  for (std::size_t i = 0; i < repetitions; ++i) sum_before += before[i], sum_after += after[i];
  rules.last_time = sum_after > 1.05 * sum_before;
  return rules;
}

int replay(bool make_slower, std::uint64_t gates, std::uint64_t seed, double true_percent,
           const std::vector<std::string>& files) {
  Orders orders;
  GateAsked asked;
  for (const auto& file : files) {
    const auto text = read_file(file);
    const auto gate = text ? parse_gate(*text) : Result<GateResult>(std::unexpected(text.error()));
    if (!gate) {
      fmt::print(stderr, "chicane-gate-replay: {}: {}\n", file, gate.error().message);
      return 2;
    }
    asked = gate->asked;
    if (make_slower) asked.detect = true_percent / 100;
    auto& recorded = orders[gate->baseline];
    for (const auto& entry : gate->entries) {
      const auto at = static_cast<std::size_t>(
          std::ranges::find(recorded.subjects, entry.scenario, &GateSubject::scenario) - recorded.subjects.begin());
      if (at == recorded.subjects.size()) {
        GateSubject subject;
        subject.scenario = entry.scenario;
        subject.parameters = entry.parameters;
        subject.margin = gate->asked.margin;
        subject.detect = asked.detect;
        subject.other_margins["peak_resident_bytes"] = 0.10;  // as the command compares it
        recorded.subjects.push_back(subject);
        recorded.compared.emplace_back();
        recorded.same.emplace_back();
      }
      for (auto round : entry.rounds) {
        if (round.stage == GateStage::other_layout) continue;
        if (make_slower && !round.same) slow_down(round, true_percent / 100);
        (round.same ? recorded.same : recorded.compared)[at].push_back(std::move(round));
      }
    }
  }
  for (const auto& [baseline, own] : orders)
    for (std::size_t i = 0; i < own.subjects.size(); ++i)
      if (own.compared[i].size() < 18 || own.same[i].empty() ||
          own.subjects.size() != orders.begin()->second.subjects.size()) {
        fmt::print(stderr, "chicane-gate-replay: {}: too few rounds were recorded\n", own.subjects[i].scenario);
        return 2;
      }
  const auto& subjects = orders.begin()->second.subjects;  // the same in each order, by name
  struct Tally {
    std::uint64_t found = 0, undecided = 0, able = 0, found_when_able = 0, rank_sum = 0, last_time = 0;
    std::vector<double> detectable, power;
  };
  std::map<GateVerdict, std::uint64_t> verdicts;
  std::vector<Tally> tallies(subjects.size());
  std::uint64_t rank_sum_gates = 0, last_time_gates = 0;
  std::mt19937_64 random(seed);
  for (std::uint64_t i = 0; i < gates; ++i) {
    const auto& recorded = std::next(orders.begin(), static_cast<std::ptrdiff_t>(i % orders.size()))->second;
    Redrawn source(recorded, random());
    GateResult result;
    result.asked = asked;
    decide(recorded.subjects, asked, random(), source, [](const GateProgress&) {}, result);
    ++verdicts[result.verdict];
    bool any_rank_sum = false, any_last_time = false;
    for (std::size_t j = 0; j < result.entries.size(); ++j) {
      const auto& measure = result.entries[j].measures.front();
      auto& tally = tallies[static_cast<std::size_t>(
          std::ranges::find(subjects, result.entries[j].scenario, &GateSubject::scenario) - subjects.begin())];
      const bool found = measure.verdict == GateVerdict::regression;
      tally.found += found;
      tally.undecided += measure.verdict == GateVerdict::inconclusive;
      const bool able = measure.detectable && *measure.detectable <= 1 + true_percent / 100;
      tally.able += able;
      tally.found_when_able += able && found;
      tally.detectable.push_back(measure.detectable ? *measure.detectable : 9);
      tally.power.push_back(measure.power.value_or(0));
      const auto other = others(recorded.compared[j], random);
      tally.rank_sum += other.rank_sum;
      tally.last_time += other.last_time;
      any_rank_sum = any_rank_sum || other.rank_sum;
      any_last_time = any_last_time || other.last_time;
    }
    rank_sum_gates += any_rank_sum;
    last_time_gates += any_last_time;
  }
  fmt::print("{{\"gates\": {}, \"true_percent\": {}, \"verdicts\": {{", gates, true_percent);
  std::string separator;
  for (const auto& [verdict, count] : verdicts) {
    fmt::print("{}\"{}\": {}", separator, name(verdict), count);
    separator = ", ";
  }
  fmt::print("}}, \"rank_sum_gates\": {}, \"last_time_gates\": {}, \"scenarios\": [", rank_sum_gates, last_time_gates);
  separator.clear();
  for (std::size_t j = 0; j < tallies.size(); ++j) {
    const auto& tally = tallies[j];
    std::vector<double> ratios;
    for (const auto& [baseline, own] : orders)
      for (std::size_t k = 0; k < own.subjects.size(); ++k)
        if (own.subjects[k].scenario == subjects[j].scenario)
          for (const auto& round : own.compared[k]) ratios.push_back(round.log_ratios.at("wall_ns_per_operation"));
    const auto centre = hodges_lehmann(ratios);
    double spread = 0;
    for (const double ratio : ratios) spread += (ratio - centre.median) * (ratio - centre.median);
    double mean_power = 0;
    for (const double power : tally.power) mean_power += power / static_cast<double>(tally.power.size());
    fmt::print(
        "{}\n{{\"scenario\": \"{}\", \"rounds\": {}, \"ratio\": {:.5f}, \"low\": {:.5f}, \"high\": {:.5f}, "
        "\"noise_percent\": {:.3f}, \"found\": {}, \"undecided\": {}, \"able\": {}, \"found_when_able\": {}, "
        "\"detectable\": {:.4f}, \"power\": {:.4f}, \"rank_sum\": {}, \"last_time\": {}}}",
        separator, subjects[j].scenario, ratios.size(), std::exp(centre.median),
        std::exp(centre.low.value_or(centre.median)), std::exp(centre.high.value_or(centre.median)),
        std::sqrt(spread / static_cast<double>(ratios.size() - 1)) * 100, tally.found, tally.undecided, tally.able,
        tally.found_when_able, median_of(tally.detectable), mean_power, tally.rank_sum, tally.last_time);
    separator = ",";
  }
  fmt::print("]}}\n");
  return 0;
}

}  // namespace
}  // namespace chicane

int main(int count, char** words) {
  const bool make_slower = count > 1 && std::string_view(words[1]) == "--slower";
  if (make_slower) ++words, --count;
  if (count < 5) {
    fmt::print(stderr, "usage: chicane-gate-replay [--slower] GATES SEED TRUE_PERCENT GATE.json…\n");
    return 2;
  }
  return chicane::replay(make_slower, std::strtoull(words[1], nullptr, 10), std::strtoull(words[2], nullptr, 10),
                         std::strtod(words[3], nullptr), {words + 4, words + count});
}
