#include "harness/supervisor/detection_queue.h"

#include <algorithm>
#include <array>
#include <random>

#include "harness/judge/verdict.h"

namespace chicane {
namespace {

constexpr std::chrono::nanoseconds shortest_slice = std::chrono::milliseconds(1);

// One for each placement: more of them would say nothing new.
constexpr std::uint32_t enough_sightings = 3;
// What must be seen and was not may be rare, or the host may be giving the workers one CPU for seconds: they are looked
// for in so many times the processes, and for so long, unless that would be far more processes.
constexpr std::uint32_t patience = 4, most_patience = 32;
constexpr std::chrono::seconds least_search{5};

}  // namespace

Placement placement_of(std::uint32_t repetition) {
  constexpr std::array placements{Placement::distinct, Placement::same, Placement::free};
  return placements[repetition % placements.size()];
}

bool needs_all_cores(Lane lane) { return lane == Lane::stress; }

Musts::Musts(const Plan& plan, const std::vector<Scenario>& scenarios) {
  for (const auto& scenario : scenarios) {
    if (scenario.id != plan.request.scenario) continue;
    for (const auto& must : scenario.expectation.must)
      if (must.min_workers <= plan.request.parameters.workers && sight(plan.request.lane, must) == Sight::always)
        musts_.push_back({&must, 0});
  }
}

void Musts::saw(const std::vector<Finding>& findings) {
  for (auto& [must, processes] : musts_)
    processes += std::ranges::any_of(findings, [&](const Finding& finding) { return matches(*must, finding); });
}

bool Musts::all_seen() const {
  return !musts_.empty() &&
         std::ranges::all_of(musts_, [](const Sighting& each) { return each.processes >= enough_sightings; });
}

bool Musts::any_unseen() const {
  return std::ranges::any_of(musts_, [](const Sighting& each) { return each.processes == 0; });
}

DetectionQueue::DetectionQueue(const std::vector<const Plan*>& plans, const Campaign& campaign, const Past& past,
                               std::uint64_t seed)
    : past_(past), seed_(seed) {
  for (const auto* plan : plans) states_.push_back({plan, Musts(*plan, campaign.scenarios)});
  std::mt19937_64 random(seed);
  std::shuffle(states_.begin(), states_.end(), random);
}

std::optional<DetectionQueue::Job> DetectionQueue::next() {
  const std::scoped_lock lock(mutex_);
  State* least = nullptr;
  while ((least = furthest_behind()) != nullptr) {
    const auto* past = past_.find(*least->plan, least->started);
    if (past == nullptr) break;
    ++least->started;
    least->spent += past->duration;
    if (is_futile(past->status)) ++least->futile;
    least->musts.saw(past->findings);
  }
  if (least == nullptr) return std::nullopt;
  const auto round = least->started++;
  Job job{static_cast<std::size_t>(least - states_.data()), least->plan, round, least->plan->request};
  job.request.placement = placement_of(round);
  job.request.seed = trial_seed(seed_, least->plan->request, round);
  if (least->keeps_budget()) {  // the last trial is as long as what is left, without what a process costs
    const auto left = std::max(least->plan->budget - least->spent - least->overhead, shortest_slice);
    job.request.budget_ns = std::min(job.request.budget_ns, static_cast<std::uint64_t>(left.count()));
  }
  return job;
}

std::uint32_t DetectionQueue::ended(const Job& job, const TrialOutcome& outcome) {
  const std::scoped_lock lock(mutex_);
  auto& state = states_[job.index];
  const auto foreseen = state.foreseen();
  const std::chrono::nanoseconds duration(outcome.trial.duration_ns);
  state.spent += duration;
  state.overhead = std::max(duration - std::chrono::nanoseconds(job.request.budget_ns), std::chrono::nanoseconds(0));
  if (is_futile(outcome.trial.status)) ++state.futile;
  std::vector<Finding> findings;
  for (const auto& [finding, count] : outcome.findings) findings.push_back(finding);
  state.musts.saw(findings);
  return foreseen - std::min(foreseen, state.foreseen());
}

// Its trials run one by one and end when they are told to, so that a budget is kept to a fiftieth; in other lanes it is
// what is spent at least.
bool DetectionQueue::State::keeps_budget() const {
  return needs_all_cores(plan->request.lane) && plan->budget.count() != 0;
}

bool DetectionQueue::State::finished() const {
  if (settled()) return true;
  if (keeps_budget()) return spent >= plan->budget - plan->budget / 50;
  if (musts.any_unseen() && plan->budget.count() == 0)
    return started >= (spent < least_search ? most_patience : patience) * plan->repetitions;
  return started >= plan->repetitions && spent >= plan->budget;
}

DetectionQueue::State* DetectionQueue::furthest_behind() {
  State* least = nullptr;
  for (auto& state : states_)
    if (!state.finished() && (least == nullptr || state.started < least->started)) least = &state;
  return least;
}

}  // namespace chicane
