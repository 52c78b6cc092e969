// chicane-gate-replay: how a gate would have gone, many times over, from the rounds that real gates recorded. Whole
// rounds are drawn with replacement (Efron, 1979), each from those of its scenario and kind, and the gate's own
// decision is made of them. Beside it, on the same rounds, what two other rules would have said.
//
//   usage: chicane-gate-replay GATES SEED TRUE_PERCENT GATE.json…
//
// Prints one JSON object. TRUE_PERCENT: by how much the candidates really are slower; 0: they are the same.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/gate/decide.h"
#include "harness/model/files.h"
#include "harness/statistics/rank_tests.h"

namespace chicane {
namespace {

struct Recorded {
  std::vector<GateSubject> subjects;
  std::vector<std::vector<GateRound>> compared, same;  // by subject
};

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

double median_of(std::vector<double> values) {
  std::ranges::sort(values);
  return values.empty() ? 0 : values[values.size() / 2];
}

// Nine repetitions of each side, not in pairs: the candidate's come from other rounds than the baseline's.
struct OtherRules {
  bool rank_sum = false, last_time = false;
};
OtherRules others(const std::vector<GateRound>& pool, std::mt19937_64& random) {
  constexpr std::size_t repetitions = 9;
  // Neighbours in time, as repetitions are: a run of nine rounds for each side.
  const auto run = [&](bool candidate) {
    std::vector<double> values;
    const auto first = random() % (pool.size() - repetitions + 1);
    for (std::size_t i = 0; i < repetitions; ++i)
      values.push_back(candidate ? pool[first + i].candidate_ns : pool[first + i].baseline_ns);
    return values;
  };
  const auto before = run(false), after = run(true);
  OtherRules rules;
  rules.rank_sum = rank_sum_differs(after, before) < 0.05 && median_of(after) > median_of(before);
  double sum_before = 0, sum_after = 0;
  for (std::size_t i = 0; i < repetitions; ++i) sum_before += before[i], sum_after += after[i];
  rules.last_time = sum_after > 1.05 * sum_before;
  return rules;
}

int replay(std::uint64_t gates, std::uint64_t seed, double true_percent, const std::vector<std::string>& files) {
  Recorded recorded;
  std::map<std::string, std::size_t> known;
  GateAsked asked;
  for (const auto& file : files) {
    const auto text = read_file(file);
    const auto gate = text ? parse_gate(*text) : Result<GateResult>(std::unexpected(text.error()));
    if (!gate) {
      fmt::print(stderr, "chicane-gate-replay: {}: {}\n", file, gate.error().message);
      return 2;
    }
    asked = gate->asked;
    for (const auto& entry : gate->entries) {
      const auto [at, is_new] = known.try_emplace(entry.scenario, recorded.subjects.size());
      if (is_new) {
        GateSubject subject;
        subject.scenario = entry.scenario;
        subject.parameters = entry.parameters;
        subject.margin = gate->asked.margin;
        subject.detect = gate->asked.detect;
        recorded.subjects.push_back(subject);
        recorded.compared.emplace_back();
        recorded.same.emplace_back();
      }
      for (const auto& round : entry.rounds)
        if (round.stage != GateStage::other_layout)
          (round.same ? recorded.same : recorded.compared)[at->second].push_back(round);
    }
  }
  for (std::size_t i = 0; i < recorded.subjects.size(); ++i)
    if (recorded.compared[i].size() < 9 || recorded.same[i].empty()) {
      fmt::print(stderr, "chicane-gate-replay: {}: too few rounds were recorded\n", recorded.subjects[i].scenario);
      return 2;
    }
  struct Tally {
    std::uint64_t found = 0, undecided = 0, able = 0, found_when_able = 0, rank_sum = 0, last_time = 0;
    std::vector<double> detectable, power;
  };
  std::map<GateVerdict, std::uint64_t> verdicts;
  std::vector<Tally> tallies(recorded.subjects.size());
  std::uint64_t rank_sum_gates = 0, last_time_gates = 0;
  std::mt19937_64 random(seed);
  for (std::uint64_t i = 0; i < gates; ++i) {
    Redrawn source(recorded, random());
    GateResult result;
    result.asked = asked;
    decide(recorded.subjects, asked, random(), source, [](const GateProgress&) {}, result);
    ++verdicts[result.verdict];
    bool any_rank_sum = false, any_last_time = false;
    for (std::size_t j = 0; j < result.entries.size(); ++j) {
      const auto& measure = result.entries[j].measures.front();
      auto& tally = tallies[j];
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
    for (const auto& round : recorded.compared[j]) ratios.push_back(round.log_ratios.at("wall_ns_per_operation"));
    const auto centre = hodges_lehmann(ratios);
    double spread = 0;
    for (const double ratio : ratios) spread += (ratio - centre.median) * (ratio - centre.median);
    double mean_power = 0;
    for (const double power : tally.power) mean_power += power / static_cast<double>(tally.power.size());
    fmt::print(
        "{}\n{{\"scenario\": \"{}\", \"rounds\": {}, \"ratio\": {:.5f}, \"low\": {:.5f}, \"high\": {:.5f}, "
        "\"noise_percent\": {:.3f}, \"found\": {}, \"undecided\": {}, \"able\": {}, \"found_when_able\": {}, "
        "\"detectable\": {:.4f}, \"power\": {:.4f}, \"rank_sum\": {}, \"last_time\": {}}}",
        separator, recorded.subjects[j].scenario, ratios.size(), std::exp(centre.median),
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
  if (count < 5) {
    fmt::print(stderr, "usage: chicane-gate-replay GATES SEED TRUE_PERCENT GATE.json…\n");
    return 2;
  }
  return chicane::replay(std::strtoull(words[1], nullptr, 10), std::strtoull(words[2], nullptr, 10),
                         std::strtod(words[3], nullptr), {words + 4, words + count});
}
