#include "harness/runner/stage.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <numeric>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/model/mixing.h"
#include "harness/runner/placement.h"

namespace chicane {
namespace {

constexpr std::uint64_t times_told = 64;  // of each worker's turns

std::string text(const char* string) { return string == nullptr ? "" : string; }

Result<void> check_workers(const Scenario& scenario, std::uint32_t workers) {
  if (scenario.exactly_workers != 0 && workers != scenario.exactly_workers)
    return failure(fmt::format("it runs with exactly {} workers, not {}", scenario.exactly_workers, workers));
  if (workers < scenario.min_workers)
    return failure(fmt::format("it runs with at least {} workers, not {}", scenario.min_workers, workers));
  if (workers % scenario.workers_multiple_of != 0)
    return failure(fmt::format("it runs with multiples of {} workers, not {}", scenario.workers_multiple_of, workers));
  return {};
}

Result<std::vector<std::int64_t>> arguments(const Scenario& scenario,
                                            const std::map<std::string, std::int64_t>& given) {
  std::vector<std::int64_t> values;
  for (const auto& axis : scenario.axes) {
    const auto at = given.find(axis.name);
    if (at == given.end()) return failure(fmt::format("no value for its axis '{}'", axis.name));
    values.push_back(at->second);
  }
  for (const auto& [axis_name, value] : given)
    if (std::ranges::none_of(scenario.axes, [&](const Axis& axis) { return axis.name == axis_name; }))
      return failure(fmt::format("it has no axis '{}'", axis_name));
  return values;
}

void fail_in_setup(const chicane_setup* setup, const char* kind, const char* check, const char* message) {
  static_cast<Stage*>(setup->host)->ledger().fail(text(kind), text(check), text(message));
}
void fail_in_check(chicane_check* check, const char* kind, const char* what, const char* message) {
  static_cast<Stage*>(check->host)->ledger().fail(text(kind), text(what), text(message));
}
void count_in_check(chicane_check* check, const char* counter, double value, std::uint32_t how) {
  static_cast<Stage*>(check->host)->ledger().count(text(counter), value, how);
}

// From one worker's latencies to the next one's: no cache line of one is another's, nor the one that is fetched with
// it.
constexpr std::size_t latency_step = (sizeof(chicane_latency) + 4095) / 4096 * 4096;

// A plugin's function that says it failed must have said why.
bool succeeded(Ledger& ledger, std::uint64_t findings_before, int status, const char* function) {
  if (status == 0) return true;
  if (ledger.findings() == findings_before)
    ledger.fail("protocol_broken", function, fmt::format("{} returned {} without reporting why", function, status));
  return false;
}

}  // namespace

Result<Stage> Stage::build(const RunnableScenario& runnable, const TrialRequest& request, WorkerKind workers_are,
                           Ledger& ledger) {
  const auto& scenario = runnable.scenario;
  const auto& wanted = request.parameters;
  const auto wrong = [&](Error error) { return std::unexpected(std::move(error).within(scenario.id)); };
  if (std::ranges::find(scenario.worker_kinds, wanted.worker_kind) == scenario.worker_kinds.end())
    return wrong({fmt::format("its workers can't be of the kind {}", name(wanted.worker_kind))});
  if (auto workers = check_workers(scenario, wanted.workers); !workers) return wrong(std::move(workers.error()));
  auto args = arguments(scenario, wanted.args);
  if (!args) return wrong(std::move(args.error()));
  auto places = place_workers(request.placement, request.cpus, wanted.workers, allowed_cpus());
  if (!places) return wrong(std::move(places.error()));

  Stage stage;
  stage.scenario_ = &runnable;
  stage.ledger_ = &ledger;
  stage.seats_ = assign_roles(runnable.roles, wanted.workers);
  stage.places_ = std::move(*places);
  stage.args_ = std::move(*args);
  stage.lane_ = name(request.lane);
  stage.workers_are_ = workers_are;
  stage.seed_ = request.seed;
  const bool shared = workers_are == WorkerKind::process;
  const auto& table = runnable.table;
  auto state = Memory::map(table.state_size, table.state_align, shared);
  if (!state) return wrong(std::move(state.error()));
  stage.state_ = std::move(*state);
  if (table.environment_size != 0) {
    auto environment = Memory::map(table.environment_size, table.environment_align, shared);
    if (!environment) return wrong(std::move(environment.error()));
    stage.environment_ = std::move(*environment);
  }
  // Time stamps would slow down, and order, what other lanes look at.
  if (request.lane == Lane::bench && !scenario.latency.empty()) {
    auto latencies = Memory::map(latency_step * wanted.workers, latency_step, shared);
    if (!latencies) return wrong(std::move(latencies.error()));
    stage.latencies_ = std::move(*latencies);
  }
  return stage;
}

// A plugin's own code catches what its bodies throw; a destructor's exceptions come through to here.
template <typename Destroy>
void Stage::destroying(const char* what, Destroy destroy) {
  std::string said = "an exception that is no std::exception";
  try {
    destroy();
    return;
  } catch (const std::exception& error) {
    said = error.what();
  } catch (...) {  // NOLINT(bugprone-empty-catch): it is told below
  }
  ledger_->fail("uncaught_exception", std::string("destroying ") + what, said);
}

chicane_setup Stage::setup() {
  chicane_setup setup{};
  setup.struct_size = sizeof setup;
  setup.workers = workers();
  setup.worker_kind = workers_are_ == WorkerKind::process ? CHICANE_PROCESSES : CHICANE_THREADS;
  setup.turns = turns_;
  setup.seed = seed_;
  setup.args = args_.data();
  setup.lane = lane_.c_str();
  setup.host = this;
  setup.fail = fail_in_setup;
  return setup;
}

bool Stage::construct_environment() {
  if (environment_.data() == nullptr) return true;
  environment_.zero();
  const auto table = setup();
  const auto before = ledger_->findings();
  return succeeded(*ledger_, before, scenario_->table.construct_environment(environment_.data(), &table),
                   "constructing the environment");
}

bool Stage::construct(std::uint64_t turns, std::uint64_t seed) {
  ledger_->forget_counters();
  turns_ = turns;
  seed_ = seed;
  state_.zero();
  for (std::uint32_t i = 0; i < workers(); ++i)
    if (auto* const own = own_latency(i); own != nullptr && own->recorded != 0) std::memset(own, 0, sizeof *own);
  const auto table = setup();
  const auto before = ledger_->findings();
  return succeeded(*ledger_, before, scenario_->table.construct(state_.data(), environment_.data(), &table),
                   "constructing the state");
}

void Stage::check(std::span<const std::uint64_t> operations) {
  if (scenario_->table.check == nullptr) return;
  std::vector<std::uint64_t> by_role(scenario_->roles.size());
  for (std::size_t i = 0; i < operations.size(); ++i) by_role[seats_[i].role] += operations[i];
  chicane_check check{};
  check.struct_size = sizeof check;
  check.workers = workers();
  check.operations = std::accumulate(operations.begin(), operations.end(), std::uint64_t{0});
  check.role_operations = by_role.data();
  check.args = args_.data();
  check.lane = lane_.c_str();
  check.host = this;
  check.count = count_in_check;
  check.fail = fail_in_check;
  const auto before = ledger_->findings();
  succeeded(*ledger_, before, scenario_->table.check(state_.data(), environment_.data(), &check), "check");
}

void Stage::destroy() {
  destroying("the state", [this] { scenario_->table.destroy(state_.data()); });
}

void Stage::destroy_environment() {
  if (environment_.data() != nullptr)
    destroying("the environment", [this] { scenario_->table.destroy_environment(environment_.data()); });
}

chicane_worker Stage::worker(std::uint32_t index) const {
  chicane_worker worker{};
  worker.struct_size = sizeof worker;
  worker.index = index;
  worker.workers = workers();
  worker.role = seats_[index].role;
  worker.index_in_role = seats_[index].index_in_role;
  worker.workers_in_role = seats_[index].workers_in_role;
  worker.turns = turns_;
  worker.seed = mixed_seed(seed_, index);
  worker.args = args_.data();
  worker.lane = lane_.c_str();
  worker.latency = own_latency(index);
  if (tells_progress_) worker.tell_every = std::max<std::uint64_t>((turns_ + times_told - 1) / times_told, 1);
  return worker;
}

chicane_latency* Stage::own_latency(std::uint32_t worker) const {
  if (latencies_.data() == nullptr) return nullptr;
  return reinterpret_cast<chicane_latency*>(static_cast<char*>(latencies_.data()) + worker * latency_step);
}
const chicane_latency* Stage::latency(std::uint32_t worker) const { return own_latency(worker); }

}  // namespace chicane
