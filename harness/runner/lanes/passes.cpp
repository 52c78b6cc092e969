#include "harness/runner/lanes/passes.h"

#include <algorithm>

#include "harness/model/mixing.h"
#include "harness/runner/lanes/lanes.h"
#include "harness/runner/teams.h"
#include "harness/runner/usage.h"
#include "harness/runner/worker.h"

namespace chicane {

PassPlan::PassPlan(std::uint64_t turns_wanted, std::uint64_t budget_ns)
    : cap_(turns_wanted != 0 ? turns_wanted : most_turns), budget_ns_(budget_ns) {}

std::uint64_t PassPlan::next_turns(std::uint64_t wall_left_ns) const {
  if (passes_ == 0) return 1;
  const double last_passes = static_cast<double>(wall_left_ns) / (2 * std::max(static_cast<double>(last_ns_), 1.0));
  if (last_passes < 1) return 0;
  const double fitting_turns = last_passes * static_cast<double>(last_turns_);
  const std::uint64_t cap =
      fitting_turns < static_cast<double>(cap_) ? static_cast<std::uint64_t>(fitting_turns) : cap_;
  if (ns_per_turn_ == 0) return std::min(last_turns_, cap);  // disturbed until now: the same again
  const double left_ns = static_cast<double>(budget_ns_) - static_cast<double>(spent_ns_);
  // Three passes are made whatever the budget: a long turn, or one slow pass on a busy host, must not cost the others.
  if (left_ns < ns_per_turn_) return passes_ < passes_wanted ? 1 : 0;
  return std::min({last_turns_ * growth, cap, static_cast<std::uint64_t>(left_ns / ns_per_turn_)});
}

void PassPlan::passed(std::uint64_t turns, std::uint64_t duration_ns, bool disturbed) {
  ++passes_;
  last_turns_ = turns;
  last_ns_ = duration_ns;
  if (disturbed && ++disturbed_ <= most_disturbed) return;
  spent_ns_ += duration_ns;
  ns_per_turn_ = static_cast<double>(std::max<std::uint64_t>(duration_ns, 1)) / static_cast<double>(turns);
}

void run_passes(Stage& stage, const TrialRequest& request, Trial& trial, const std::function<bool()>& after_pass) {
  const bool processes = stage.workers_are() == WorkerKind::process;
  if (request.parameters.worker_kind == WorkerKind::process && !processes) trial.judged_as = threads_for_processes;
  if (!stage.construct_environment()) return;
  PassPlan plan(request.turns, request.budget_ns);
  std::uint64_t passes = 0, all_operations = 0;
  std::vector<WorkerOutcome> outcomes;
  const auto wall_left_ns = [&] {
    const auto limit = request.wall_limit_ns, used = process_age_ns();
    return limit == 0 ? std::numeric_limits<std::uint64_t>::max() : limit > used ? limit - used : 0;
  };
  for (std::uint64_t turns; (turns = plan.next_turns(wall_left_ns())) != 0;) {
    const auto start = now_ns();
    if (!stage.construct(turns, mixed_seed(request.seed, passes))) break;
    outcomes = processes ? run_on_processes(stage) : run_on_threads(stage);
    stage.check(operations(outcomes));
    stage.destroy();
    const auto duration_ns = static_cast<std::uint64_t>(now_ns() - start);
    plan.passed(turns, duration_ns, after_pass());
    ++passes;
    trial.turns = turns;
    for (const auto& outcome : outcomes) all_operations += outcome.turns_done;
    if (any_failed(outcomes)) break;
  }
  stage.destroy_environment();
  trial.workers = worker_records(stage, outcomes);
  trial.measures["passes"] = static_cast<double>(passes);
  trial.measures["operations"] = static_cast<double>(all_operations);
  trial.counters = stage.ledger().counters(static_cast<double>(timed_region(outcomes).length_ns()) * 1e-9);
}

}  // namespace chicane
