#include "harness/runner/lanes/hardware_play.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "harness/model/hardware.h"
#include "harness/model/mixing.h"
#include "harness/runner/hardware_counters.h"
#include "harness/runner/teams.h"

namespace chicane {
namespace {

constexpr std::uint64_t own_stream = 0xffff'ffff;  // of seeds; attempts of calibration have those from 0 on

// Of the turns that fill a slice: where threads switch all the time, each turn may take fifty times as long with
// counters (a queue that blocks, on a virtual machine whose hypervisor sees to each access to them).
constexpr std::uint64_t share_of_turns = 16;

class Alone final : public Rendezvous {
 public:
  explicit Alone(RegionWatch& watch) : watch_(watch) {}
  void start() override { watch_.begins(); }
  void stop() override { watch_.ends(); }
  bool is_watched() const override { return true; }

 private:
  RegionWatch& watch_;
};

// As rounds do: one worker alone is on the main thread, because the C library takes other ways (no atomic operation in
// a mutex, say) while there is no second one.
std::vector<WorkerOutcome> play(const Stage& stage, bool processes, RegionWatch& watch) {
  if (processes) return run_on_processes(stage, &watch);
  if (stage.workers() != 1) return run_on_threads(stage, &watch);
  std::vector<WorkerOutcome> outcomes(1);
  Alone alone(watch);
  run_worker(stage, 0, alone, outcomes[0]);
  return outcomes;
}

}  // namespace

void count_hardware(Stage& stage, const TrialRequest& request, Trial& trial) {
  HardwareCounters counters;  // before the state, whose threads inherit them
  const auto turns = std::max<std::uint64_t>(trial.turns / share_of_turns, 1);
  if (counters.any() && stage.construct(turns, mixed_seed(request.seed, own_stream))) {
    const auto outcomes = play(stage, request.parameters.worker_kind == WorkerKind::process, counters);
    const auto of_each = operations(outcomes);
    stage.check(of_each);
    stage.destroy();
    const auto done = std::accumulate(of_each.begin(), of_each.end(), 0.0);
    if (any_failed(outcomes) || done == 0) return;
    for (const auto& [event, value] : counters.read()) trial.measures[hardware_measure(event)] = value / done;
  }
  trial.not_counted = counters.why_not();
}

}  // namespace chicane
