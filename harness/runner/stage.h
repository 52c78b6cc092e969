// Where a scenario is played: memory for its environment and its state, and the calls into the plugin with the
// harness's callbacks behind them. All calls on one thread, except work(), which all workers make at once.
#pragma once

#include <chicane/plugin.h>

#include <cstdint>
#include <span>
#include <vector>

#include "harness/model/error.h"
#include "harness/model/trial.h"
#include "harness/runner/ledger.h"
#include "harness/runner/memory.h"
#include "harness/runner/roles.h"
#include "harness/runner/tables.h"

namespace chicane {

class Stage {
 public:
  // Checks that the request fits what the scenario declares. `workers_are`: how they really run in this trial.
  // `scenario` and `ledger` outlive the stage.
  static Result<Stage> build(const RunnableScenario& scenario, const TrialRequest& request, WorkerKind workers_are,
                             Ledger& ledger);

  // Each returns false when the scenario failed in it; the finding is then in the ledger.
  bool construct_environment();
  bool construct(std::uint64_t turns, std::uint64_t seed);  // a fresh state, in zeroed memory; forgets counters
  void check(std::span<const std::uint64_t> operations);    // by worker
  void destroy();
  void destroy_environment();

  // A worker's table without its callbacks.
  chicane_worker worker(std::uint32_t index) const;
  int work(chicane_worker* worker) const {
    return scenario_->roles[worker->role].work(state_.data(), environment_.data(), worker);
  }

  std::uint32_t workers() const { return static_cast<std::uint32_t>(seats_.size()); }
  WorkerKind workers_are() const { return workers_are_; }
  std::uint64_t turns() const { return turns_; }
  // Workers tell from now on that they get on: up to 63 times in all of their turns, which nobody can measure.
  void ask_for_progress() { tells_progress_ = true; }
  bool is_timed() const { return lane_ == name(Lane::bench); }
  const RunnableScenario& scenario() const { return *scenario_; }
  const std::vector<std::vector<int>>& places() const { return places_; }  // CPUs by worker; empty: free
  const Memory& state() const { return state_; }
  const Memory& environment() const { return environment_; }
  const chicane_latency* latency(std::uint32_t worker) const;  // null: none is recorded in this trial
  Ledger& ledger() const { return *ledger_; }

 private:
  Stage() = default;
  chicane_setup setup();
  chicane_latency* own_latency(std::uint32_t worker) const;
  template <typename Destroy>
  void destroying(const char* what, Destroy destroy);

  const RunnableScenario* scenario_ = nullptr;
  Ledger* ledger_ = nullptr;
  std::vector<Seat> seats_;
  std::vector<std::vector<int>> places_;
  std::vector<std::int64_t> args_;
  std::string lane_;
  WorkerKind workers_are_ = WorkerKind::thread;
  Memory state_, environment_;
  Memory latencies_;  // one chicane_latency a worker, a page or more apart
  std::uint64_t turns_ = 0, seed_ = 0;
  bool tells_progress_ = false;
};

}  // namespace chicane
