// Rounds of live processes: finds how many turns make a slice, and plays duets.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "harness/gate/decide.h"
#include "harness/gate/layout.h"
#include "harness/supervisor/trial_process.h"

namespace chicane {

class LiveRounds final : public RoundSource {
 public:
  // All are kept by reference. `layouts`: null where nothing can be linked again.
  LiveRounds(std::vector<DuetPair>& pairs, TrialRunner& runner, Layouts* layouts, const std::atomic<bool>& stop)
      : pairs_(pairs), runner_(runner), layouts_(layouts), stop_(stop) {}

  DuetOutcome take(std::size_t subject, bool same, GateStage stage, std::uint64_t seed) override;
  bool has_other_layout(std::size_t subject) override;
  bool stopped() override { return stop_; }

 private:
  std::vector<DuetPair>& pairs_;
  TrialRunner& runner_;
  Layouts* layouts_;
  const std::atomic<bool>& stop_;
};

// Turns of a slice and slices of a round, from one trial of the baseline: slices of about `slice_ns`, but of ten turns
// where that takes no more than ten times as long, for what starts threads or processes is noisy turn by turn; as many
// pairs as asked, fewer (at least 6) where slices are long. Fails with what the trial said.
Result<void> size_slices(DuetPair& pair, const GateAsked& asked, std::uint64_t seed, TrialRunner& runner,
                         const std::atomic<bool>& stop);

}  // namespace chicane
