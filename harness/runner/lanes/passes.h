// The loop of lanes that look for findings rather than speed: many passes over fresh states, with growing numbers of
// turns, until the budget is spent. Short passes come first: they start over often, which is where many races show.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>

#include "harness/model/trial.h"
#include "harness/runner/stage.h"

namespace chicane {

// How many turns the next pass has, from what those before cost. Pure.
class PassPlan {
 public:
  PassPlan(std::uint64_t turns_wanted, std::uint64_t budget_ns);
  // 0: enough. `wall_left_ns`: until the process is ended from outside. There is no further pass where one like the
  // last, which may take twice as long next time, does not fit into it; the first is always made.
  std::uint64_t next_turns(std::uint64_t wall_left_ns = std::numeric_limits<std::uint64_t>::max()) const;
  // `disturbed`: its time tells nothing, because a detector reported in it (which takes a symbolizer's start, 0.1 s and
  // more). It is not taken from the budget, so that a scenario with findings is run as long as one without.
  void passed(std::uint64_t turns, std::uint64_t duration_ns, bool disturbed = false);

  static constexpr std::uint64_t growth = 4;
  static constexpr std::uint64_t most_turns = 4096;  // where the request has no number of its own
  static constexpr std::uint32_t passes_wanted = 3;
  static constexpr std::uint32_t most_disturbed = 20;  // free of charge; a detector that never falls silent ends too

 private:
  std::uint64_t cap_, budget_ns_;
  std::uint64_t spent_ns_ = 0;
  std::uint32_t passes_ = 0, disturbed_ = 0;
  std::uint64_t last_turns_ = 0, last_ns_ = 0;
  double ns_per_turn_ = 0;  // of the last undisturbed pass
};

// Workers run as the stage has them: where a lane sees one process only, as threads, also where they were asked for as
// processes. Ends early after a pass in which a worker failed. `after_pass` is called on this thread when a pass has
// ended, and says whether it disturbed the pass's time.
void run_passes(Stage& stage, const TrialRequest& request, Trial& trial, const std::function<bool()>& after_pass);

}  // namespace chicane
