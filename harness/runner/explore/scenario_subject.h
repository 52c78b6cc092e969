// A scenario of a plugin as something that can be explored: environment and state are built anew for every schedule,
// each worker (or litmus actor) is a thread of it.
#pragma once

#include <cstdint>
#include <pthread.h>
#include <span>
#include <string>
#include <vector>

#include "harness/explore/search/subject.h"
#include "harness/runner/stage.h"

namespace chicane::explore {

class ScenarioSubject final : public Subject {
 public:
  // `stage` gives memory, parameters and seats, and is not played itself; it outlives this.
  ScenarioSubject(const Stage& stage, std::uint64_t turns, std::uint64_t seed);
  ~ScenarioSubject() override;

  void run(Scheduler& scheduler, std::uint64_t seed, const Options& options, SharedLocations& learned,
           Recording& recording, const Ended& ended) override;
  Tally tally() const override;  // outcomes of a litmus scenario
  // What the harness uses itself while a schedule runs.
  std::span<const std::byte> own_memory() const { return std::as_bytes(std::span(this, 1)); }

 private:
  struct Worker {
    chicane_worker table{};
    ScenarioSubject* subject = nullptr;
    bool began = false, stopped = false, reported = false;
  };
  struct OutcomeSeen {
    std::string outcome;
    std::uint64_t times = 0;
  };

  // Called under control: they must not lock or wait but through what the scheduler sees.
  void fresh();
  void work(std::uint32_t index);
  void check();
  void drop();
  void fresh_litmus();
  void check_litmus();
  chicane_setup setup();
  void begin(Worker& worker);
  void end(Worker& worker);
  void meet(pthread_barrier_t& barrier);
  void saw_outcome(const char* outcome, std::uint64_t times);

  const Stage& stage_;
  const RunnableScenario& scenario_;
  bool litmus_;
  std::uint64_t turns_, seed_;
  std::vector<Worker> workers_;
  std::vector<std::uint64_t> role_operations_;
  std::vector<OutcomeSeen> outcomes_;
  chicane_stride stride_{};
  std::string lane_;
  pthread_barrier_t start_{}, stop_{};
  bool environment_built_ = false, state_built_ = false;
  Body body_;
};

}  // namespace chicane::explore
