#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "harness/runner/barrier.h"
#include "harness/runner/teams.h"

namespace chicane {

std::vector<WorkerOutcome> run_on_threads(const Stage& stage, RegionWatch* watch) {
  const auto workers = stage.workers();
  std::vector<WorkerOutcome> outcomes(workers);
  std::vector<TeamBarrier::Cell> cells(TeamBarrier::bytes(workers) / sizeof(TeamBarrier::Cell));
  TeamBarrier barrier(cells.data(), workers, watch);
  std::vector<std::jthread> threads;
  threads.reserve(workers);
  for (std::uint32_t i = 0; i < workers; ++i) {
    try {
      threads.emplace_back([&stage, &outcomes, barrier, i] {
        TeamRendezvous rendezvous(barrier, i);
        run_worker(stage, i, rendezvous, outcomes[i]);
      });
    } catch (const std::system_error& error) {
      Finding finding;
      finding.kind = FindingKind::limit_exceeded;
      finding.name = "threads";
      finding.evidence.message =
          fmt::format("worker thread {} of {} could not be started: {}", i, workers, error.what());
      finding.evidence.limit = "processes";  // the kernel's limit on tasks
      stage.ledger().add(std::move(finding));
      barrier.complete(i);
    }
  }
  threads.clear();  // joins
  return outcomes;
}

}  // namespace chicane
