#include "harness/runner/explore/scenario_subject.h"

#include <algorithm>
#include <cstring>
#include <exception>

#include <fmt/format.h>

#include "harness/model/mixing.h"

namespace chicane::explore {
namespace {

// A kind as plugins say it.
void fail(const char* kind, const char* name, const char* message) {
  const auto known = word<FindingKind>(kind == nullptr ? "" : kind);
  report(known.value_or(FindingKind::protocol_broken), name == nullptr ? "" : name, message == nullptr ? "" : message);
}

void fail_in_setup(const chicane_setup*, const char* kind, const char* name, const char* message) {
  fail(kind, name, message);
}
void fail_in_check(chicane_check*, const char* kind, const char* name, const char* message) {
  fail(kind, name, message);
}
void fail_in_stride(chicane_stride*, const char* kind, const char* name, const char* message) {
  fail(kind, name, message);
}
// One schedule has no measures.
void no_count(chicane_worker*, const char*, double, std::uint32_t) {}
void no_count(chicane_check*, const char*, double, std::uint32_t) {}

// A plugin's own code catches what its bodies throw; a destructor's exceptions come through to here.
template <typename Destroy>
void destroying(const char* what, Destroy destroy) {
  try {
    destroy();
  } catch (const std::exception& error) {
    report(FindingKind::uncaught_exception, what, error.what());
  } catch (...) {
    report(FindingKind::uncaught_exception, what, "an exception that is no std::exception");
  }
}

template <auto Method>
void call(void* context) {
  (static_cast<ScenarioSubject*>(context)->*Method)();
}

}  // namespace

ScenarioSubject::ScenarioSubject(const Stage& stage, std::uint64_t turns, std::uint64_t seed)
    : stage_(stage),
      scenario_(stage.scenario()),
      litmus_(!stage.scenario().scenario.outcomes.empty()),
      turns_(turns),
      seed_(seed),
      workers_(stage.workers()),
      role_operations_(stage.scenario().roles.size()),
      lane_(name(Lane::explore)) {
  for (std::uint32_t i = 0; i < workers_.size(); ++i) {
    auto& worker = workers_[i];
    worker.subject = this;
    worker.table = stage.worker(i);
    worker.table.turns = turns;
    worker.table.seed = mixed_seed(seed, i);
    worker.table.host = &worker;
    worker.table.begin = [](chicane_worker* table) {
      auto& own = *static_cast<Worker*>(table->host);
      own.subject->begin(own);
    };
    worker.table.end = [](chicane_worker* table) {
      auto& own = *static_cast<Worker*>(table->host);
      own.subject->end(own);
    };
    worker.table.count = no_count;
    worker.table.fail = [](chicane_worker* table, const char* kind, const char* what, const char* message) {
      static_cast<Worker*>(table->host)->reported = true;
      fail(kind, what, message);
    };
  }
  for (const auto& declared : scenario_.scenario.outcomes) outcomes_.push_back({declared.outcome, 0});
  stride_.struct_size = sizeof stride_;
  stride_.host = this;
  stride_.add = [](chicane_stride* stride, const char* outcome, std::uint64_t times) {
    static_cast<ScenarioSubject*>(stride->host)->saw_outcome(outcome == nullptr ? "" : outcome, times);
  };
  stride_.fail = fail_in_stride;
  body_.context = this;
  body_.threads = stage.workers();
  body_.fresh = call<&ScenarioSubject::fresh>;
  body_.thread = [](void* context, std::uint32_t index) { static_cast<ScenarioSubject*>(context)->work(index); };
  body_.check = call<&ScenarioSubject::check>;
  body_.drop = call<&ScenarioSubject::drop>;
}

ScenarioSubject::~ScenarioSubject() = default;

void ScenarioSubject::run(Scheduler& scheduler, std::uint64_t seed, const Options& options, SharedLocations& learned,
                          Recording& recording, const Ended& ended) {
  const auto outcome = run_schedule(body_, scheduler, seed, options, learned, recording);
  ended(outcome, recording);
}

Tally ScenarioSubject::tally() const {
  Tally tally;
  for (const auto& [outcome, times] : outcomes_)
    if (times != 0) tally[outcome] += times;
  return tally;
}

chicane_setup ScenarioSubject::setup() {
  chicane_setup table{};
  table.struct_size = sizeof table;
  table.workers = stage_.workers();
  table.worker_kind = CHICANE_THREADS;
  table.turns = turns_;
  table.seed = seed_;
  table.args = workers_.front().table.args;
  table.lane = lane_.c_str();
  table.host = this;
  table.fail = fail_in_setup;
  return table;
}

void ScenarioSubject::fresh() {
  environment_built_ = state_built_ = false;
  for (auto& worker : workers_) {
    worker.began = worker.stopped = worker.reported = false;
    worker.table.turns_done = 0;
  }
  if (workers_.size() > 1) {
    pthread_barrier_init(&start_, nullptr, static_cast<unsigned>(workers_.size()));
    pthread_barrier_init(&stop_, nullptr, static_cast<unsigned>(workers_.size()));
  }
  std::memset(stage_.state().data(), 0, stage_.state().size());
  if (litmus_) return fresh_litmus();
  const auto table = setup();
  if (void* const environment = stage_.environment().data(); environment != nullptr) {
    std::memset(environment, 0, stage_.environment().size());
    environment_built_ = scenario_.table.construct_environment(environment, &table) == 0;
    if (!environment_built_) return;
  }
  state_built_ = scenario_.table.construct(stage_.state().data(), stage_.environment().data(), &table) == 0;
}

void ScenarioSubject::fresh_litmus() {
  state_built_ = scenario_.litmus.table.construct(stage_.state().data(), stage_.state().size(), 1, &stride_) == 0;
}

void ScenarioSubject::meet(pthread_barrier_t& barrier) {
  if (workers_.size() > 1) pthread_barrier_wait(&barrier);
}

void ScenarioSubject::begin(Worker& worker) {
  if (worker.began) {
    worker.reported = true;
    report(FindingKind::protocol_broken, "loop", "a worker started a second loop; a worker has one");
    return;
  }
  worker.began = true;
  meet(start_);
}

void ScenarioSubject::end(Worker& worker) {
  if (!worker.began || worker.stopped) return;
  worker.stopped = true;
  meet(stop_);
}

void ScenarioSubject::work(std::uint32_t index) {
  if (!state_built_) return;
  auto& worker = workers_[index];
  if (litmus_) {
    scenario_.litmus.actors[index].run(stage_.state().data(), stage_.state().size(), 1, &stride_);
    return;
  }
  const int status =
      scenario_.roles[worker.table.role].work(stage_.state().data(), stage_.environment().data(), &worker.table);
  if (status != 0 && !worker.reported) {
    report(FindingKind::protocol_broken, "worker", "a worker failed without reporting why");
  } else if (status == 0 && !worker.began) {
    report(FindingKind::early_exit, "loop", "a worker never started its loop");
  } else if (status == 0 && worker.table.turns_done != worker.table.turns) {
    report(FindingKind::early_exit, "loop", "a worker left its loop before its last turn");
  }
  // Peers wait at both barriers for it, whatever it did.
  if (!worker.began) begin(worker);
  end(worker);
}

void ScenarioSubject::check() {
  if (!state_built_) return;
  if (litmus_) return check_litmus();
  if (scenario_.table.check == nullptr) return;
  std::ranges::fill(role_operations_, 0);
  chicane_check table{};
  for (const auto& worker : workers_) {
    role_operations_[worker.table.role] += worker.table.turns_done;
    table.operations += worker.table.turns_done;
  }
  table.struct_size = sizeof table;
  table.workers = stage_.workers();
  table.role_operations = role_operations_.data();
  table.args = workers_.front().table.args;
  table.lane = lane_.c_str();
  table.host = this;
  table.count = no_count;
  table.fail = fail_in_check;
  scenario_.table.check(stage_.state().data(), stage_.environment().data(), &table);
}

void ScenarioSubject::check_litmus() {
  // Leaves a fresh state behind, as strides need it.
  if (scenario_.litmus.table.collect(stage_.state().data(), stage_.state().size(), 1, &stride_) != 0)
    state_built_ = false;
}

void ScenarioSubject::saw_outcome(const char* outcome, std::uint64_t times) {
  auto known = std::ranges::find(outcomes_, outcome, &OutcomeSeen::outcome);
  if (known == outcomes_.end()) known = outcomes_.insert(outcomes_.end(), {outcome, 0});
  known->times += times;
  const auto declared = std::ranges::find(scenario_.scenario.outcomes, outcome, &DeclaredOutcome::outcome);
  if (declared == scenario_.scenario.outcomes.end())
    report(FindingKind::forbidden_outcome, outcome, fmt::format("outcome {} is not declared", outcome).c_str());
  else if (declared->grade == Grade::forbidden)
    report(FindingKind::forbidden_outcome, outcome,
           fmt::format("outcome {} is forbidden: {}", outcome, declared->reason).c_str());
}

void ScenarioSubject::drop() {
  void* const state = stage_.state().data();
  if (state_built_) {
    if (litmus_)
      scenario_.litmus.table.destroy(state, stage_.state().size(), 1);
    else
      destroying("destroying the state", [&] { scenario_.table.destroy(state); });
  }
  if (environment_built_)
    destroying("destroying the environment", [&] { scenario_.table.destroy_environment(stage_.environment().data()); });
  if (workers_.size() > 1) {
    pthread_barrier_destroy(&start_);
    pthread_barrier_destroy(&stop_);
  }
}

}  // namespace chicane::explore
