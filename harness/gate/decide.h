// The decision: which rounds to take, and what they prove. Knows neither processes nor clocks, so that recorded rounds
// can take the place of live ones (docs/how-the-gate-works.md has the method and what it rests on).
//
//   screening    every scenario, exact one-sided signed-rank test of its rounds' log ratios against the margin at 5 %
//   confirming   suspects only, fresh rounds, the same test; Holm's procedure over all suspects at `alpha`, so that the
//                whole gate raises a false alarm at most that often (screening with rounds of its own can only lower
//                it)
//   control      the baseline against itself, in between: one scenario in turn while screening, each suspect while
//                confirming
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/gate/duet.h"
#include "harness/model/gate.h"

namespace chicane {

inline constexpr double screening_alpha = 0.05;

// What is compared, and with which margins.
struct GateSubject {
  std::string scenario;
  Parameters parameters;
  std::uint64_t turns = 0;
  double margin = 0.02, detect = 0.05;          // of time
  std::map<std::string, double> other_margins;  // by measure; what is not here is not compared
  std::set<std::string> ignored;                // measures, as the policy says
  std::map<std::string, std::string> may;       // findings that the scenario may show, and why
};

// Where rounds come from.
class RoundSource {
 public:
  virtual ~RoundSource() = default;
  virtual DuetOutcome take(std::size_t subject, bool same, GateStage stage, std::uint64_t seed) = 0;
  // Whether rounds of `subject` linked in another order can be had.
  virtual bool has_other_layout(std::size_t subject) = 0;
  virtual bool stopped() = 0;
};

struct GateProgress {
  GateStage stage = GateStage::screening;
  std::uint32_t done = 0, planned = 0;  // rounds, of this stage
};
using GateObserver = std::function<void(const GateProgress&)>;

// Fills in entries, control, findings of sides that failed, verdict and why; the host's part is the caller's. Rounds
// are drawn in an order that `seed` decides.
void decide(const std::vector<GateSubject>& subjects, const GateAsked& asked, std::uint64_t seed, RoundSource& source,
            const GateObserver& observer, GateResult& result);

// Ratio and interval of a measure, from those of its logarithm.
void show(GateMeasure& measure, const Estimate& log_ratio);

// An entry's verdict from its measures, if it has any: time decides, another one only by being worse.
void judge_by_measures(GateEntry& entry);

// Verdict and why of the whole from its entries, findings and control, which may have been changed (waived) since.
void conclude(GateResult& result);

// 0 pass, improved or not compared, 1 regression, 2 error or missing, 3 inconclusive or invalid, 4 wrong.
int exit_status(const GateResult& result);

}  // namespace chicane
