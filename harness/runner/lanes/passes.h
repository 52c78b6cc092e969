// The loop of lanes that look for findings rather than speed: many passes over fresh states, with growing numbers of
// turns, until the budget is spent. Short passes come first: they start over often, which is where many races show.
#pragma once

#include <cstdint>

#include "harness/model/trial.h"
#include "harness/runner/stage.h"

namespace chicane {

// How many turns the next pass has, from what the last one cost; 0: enough. Pure.
class PassPlan {
 public:
  PassPlan(std::uint64_t turns_wanted, std::uint64_t budget_ns);
  std::uint64_t next_turns() const;
  void passed(std::uint64_t turns, std::uint64_t duration_ns);

  static constexpr std::uint64_t growth = 4;
  static constexpr std::uint64_t most_turns = 4096;  // where the request has no number of its own
  static constexpr std::uint32_t passes_wanted = 3;

 private:
  std::uint64_t cap_, budget_ns_;
  std::uint64_t spent_ns_ = 0;
  std::uint32_t passes_ = 0;
  std::uint64_t last_turns_ = 0, last_ns_ = 0;
};

// Workers run as threads, also where they were asked for as processes (the state is then one shared mapping). Ends
// early after a pass in which a worker failed.
void run_passes(Stage& stage, const TrialRequest& request, Trial& trial);

}  // namespace chicane
