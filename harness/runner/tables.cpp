#include "harness/runner/tables.h"

#include <bit>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace chicane {
namespace {

std::string text(const char* string) { return string == nullptr ? "" : string; }

template <typename Word>
Result<Word> known_word(const char* what, std::string_view spelled) {
  if (const auto known = word<Word>(spelled)) return *known;
  return failure(fmt::format("unknown {} '{}'; known: {}", what, spelled, fmt::join(Spelling<Word>::names, ", ")));
}

// From how many workers on a kind can show when its author does not say. One worker can't race with itself, but it can
// crash alone; and one driving worker has threads of its own.
std::uint32_t default_min_workers(FindingKind kind, std::uint32_t exactly_workers) {
  if (exactly_workers == 1) return 1;
  switch (kind) {
    case FindingKind::data_race:
    case FindingKind::wrong_result:
    case FindingKind::forbidden_outcome:
    case FindingKind::torn_output:
    case FindingKind::deadlock:
    case FindingKind::lock_order_inversion:
    case FindingKind::lost_wakeup:
    case FindingKind::livelock: return 2;
    case FindingKind::hang:
    case FindingKind::crash:
    case FindingKind::uncaught_exception:
    case FindingKind::early_exit:
    case FindingKind::memory_error:
    case FindingKind::undefined_behaviour:
    case FindingKind::leak:
    case FindingKind::thread_leak:
    case FindingKind::mutex_misuse:
    case FindingKind::limit_exceeded:
    case FindingKind::protocol_broken: break;
  }
  return 1;
}

Result<std::vector<Lane>> read_lanes(const char* words) {
  std::vector<Lane> lanes;
  for (std::string_view rest = words == nullptr ? "" : words; !rest.empty();) {
    const auto comma = rest.find(',');
    auto lane = known_word<Lane>("lane", rest.substr(0, comma));
    if (!lane) return std::unexpected(lane.error());
    lanes.push_back(*lane);
    rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
  }
  return lanes;
}

Result<ExpectedFinding> read_expected(const chicane_expected* theirs, const chicane_scenario& scenario, bool is_may) {
  const auto table = read_table(theirs);
  ExpectedFinding expected;
  auto kind = known_word<FindingKind>("kind of finding", text(table.kind));
  if (!kind) return std::unexpected(kind.error());
  expected.kind = *kind;
  expected.at = text(table.at);
  if (table.field != nullptr) {
    if (table.field_size == 0 || table.field_offset > scenario.state_size ||
        table.field_size > scenario.state_size - table.field_offset)
      return failure(fmt::format("member '{}' is at bytes {}+{}, which is not inside the state of {} bytes",
                                 table.field, table.field_offset, table.field_size, scenario.state_size));
    expected.field = Field{table.field, table.field_offset, table.field_size};
  }
  expected.min_workers = table.min_workers != 0 ? table.min_workers : default_min_workers(*kind, scenario.exactly);
  auto lanes = read_lanes(table.lanes);
  if (!lanes) return std::unexpected(lanes.error());
  expected.lanes = std::move(*lanes);
  expected.reason = text(table.reason);
  if (is_may && expected.reason.empty())
    return failure(fmt::format("may '{}' has no reason; say in words why the finding is tolerable", name(*kind)));
  return expected;
}

Result<Expectation> read_expectation(const chicane_scenario& table) {
  Expectation expectation;
  for (std::size_t i = 0; i < table.must_count; ++i) {
    auto expected = read_expected(table.must[i], table, false);
    if (!expected) return std::unexpected(std::move(expected.error()).within("must"));
    expectation.must.push_back(std::move(*expected));
  }
  for (std::size_t i = 0; i < table.may_count; ++i) {
    auto expected = read_expected(table.may[i], table, true);
    if (!expected) return std::unexpected(std::move(expected.error()).within("may"));
    expectation.may.push_back(std::move(*expected));
  }
  for (std::size_t i = 0; i < table.not_judged_count; ++i) {
    const auto not_judged = read_table(table.not_judged[i]);
    auto lane = known_word<Lane>("lane", text(not_judged.lane));
    if (!lane) return std::unexpected(std::move(lane.error()).within("not judged"));
    if (text(not_judged.reason).empty())
      return failure(fmt::format("not judged in {} has no reason; say in words why that lane can't tell", name(*lane)));
    expectation.not_judged.push_back({*lane, not_judged.reason});
  }
  return expectation;
}

Result<std::vector<chicane_role>> read_roles(const chicane_scenario& table) {
  if (table.role_count == 0)
    return failure("it has no role: give its state a method void work(chicane::Worker&), or declare .role<…>(…)");
  std::vector<chicane_role> roles;
  for (std::size_t i = 0; i < table.role_count; ++i) {
    roles.push_back(read_table(table.roles[i]));
    if (roles.back().work == nullptr || text(roles.back().name).empty())
      return failure(fmt::format("role {} has no {}", i, roles.back().work == nullptr ? "function" : "name"));
  }
  return roles;
}

// One worker each.
Result<std::vector<chicane_role>> actors_as_roles(const RunnableLitmus& litmus) {
  std::vector<chicane_role> roles;
  for (const auto& actor : litmus.actors) roles.push_back({sizeof(chicane_role), actor.name, 1, nullptr});
  return roles;
}

Result<void> check_workers(const chicane_scenario& table, const std::vector<chicane_role>& roles) {
  if (table.worker_kinds == 0 || (table.worker_kinds & ~(CHICANE_THREADS | CHICANE_PROCESSES)) != 0)
    return failure(fmt::format("worker kinds are {:#x}; known: threads (0x1), processes (0x2)", table.worker_kinds));
  if (table.min_workers == 0) return failure("min_workers is 0; at least one worker runs the body");
  if (table.multiple_of == 0) return failure("workers_multiple_of is 0; it is at least 1");
  if (table.exactly != 0 && (table.exactly < table.min_workers || table.exactly % table.multiple_of != 0))
    return failure(fmt::format("exactly {} workers contradicts at least {} workers in multiples of {}", table.exactly,
                               table.min_workers, table.multiple_of));
  std::uint64_t needed = 0;  // a role without a number needs one worker at least
  for (const auto& role : roles) needed += std::max(role.exactly, 1u);
  const std::uint32_t least = table.exactly != 0 ? table.exactly : table.min_workers;
  if (needed > least)
    return failure(fmt::format("its roles need {} workers, but it allows as few as {}; declare .min_workers({})",
                               needed, least, needed));
  if (std::ranges::none_of(roles, [](const auto& role) { return role.exactly == 0; }) && table.exactly != needed)
    return failure(fmt::format("all its roles have fixed numbers, {} workers in all; declare .exactly_workers({})",
                               needed, needed));
  for (std::size_t i = 0; i < table.also_worker_count; ++i)
    if (const auto n = table.also_workers[i];
        n < table.min_workers || n % table.multiple_of != 0 || (table.exactly != 0 && n != table.exactly))
      return failure(fmt::format("also_workers has {}, which its own constraints on workers don't allow", n));
  return {};
}

Result<void> check_memory(const chicane_scenario& table) {
  if (table.state_size == 0 || !std::has_single_bit(table.state_align))
    return failure(
        fmt::format("state of {} bytes aligned to {}: the size must be above 0, the alignment a power of two",
                    table.state_size, table.state_align));
  if (table.environment_size != 0 && (!std::has_single_bit(table.environment_align) ||
                                      table.construct_environment == nullptr || table.destroy_environment == nullptr))
    return failure("it has an environment without construct, without destroy, or aligned to no power of two");
  if (table.litmus == nullptr && (table.construct == nullptr || table.destroy == nullptr))
    return failure("it has no construct or no destroy");
  return {};
}

Result<std::vector<Axis>> read_axes(const chicane_scenario& table) {
  std::vector<Axis> axes;
  for (std::size_t i = 0; i < table.axis_count; ++i) {
    const auto axis = read_table(table.axes[i]);
    if (text(axis.name).empty() || axis.value_count == 0)
      return failure(fmt::format("axis {} ('{}') has no name or no values", i, text(axis.name)));
    if (std::ranges::any_of(axes, [&](const Axis& other) { return other.name == axis.name; }))
      return failure(fmt::format("axis '{}' is declared twice", axis.name));
    axes.push_back({axis.name, {axis.values, axis.values + axis.value_count}});
  }
  return axes;
}

Result<RunnableLitmus> read_litmus(const chicane_litmus* theirs) {
  RunnableLitmus litmus;
  const auto& table = litmus.table = read_table(theirs);
  if (table.construct == nullptr || table.collect == nullptr || table.destroy == nullptr)
    return failure("its litmus table has no construct, no collect or no destroy");
  for (std::size_t i = 0; i < table.actor_count; ++i) {
    litmus.actors.push_back(read_table(table.actors[i]));
    if (litmus.actors.back().run == nullptr || text(litmus.actors.back().name).empty())
      return failure(fmt::format("actor {} has no {}", i, litmus.actors.back().run == nullptr ? "function" : "name"));
  }
  if (litmus.actors.size() < 2)
    return failure("a litmus scenario needs two actors at least; declare .actor<&State::method>(\"name\")");
  return litmus;
}

Result<std::vector<DeclaredOutcome>> read_outcomes(const chicane_litmus& table) {
  std::vector<DeclaredOutcome> outcomes;
  for (std::size_t i = 0; i < table.outcome_count; ++i) {
    const auto outcome = read_table(table.outcomes[i]);
    if (text(outcome.text).empty() || outcome.grade > CHICANE_FORBIDDEN)
      return failure(fmt::format("outcome {} ('{}') has no text or an unknown grade", i, text(outcome.text)));
    if (std::ranges::find(outcomes, text(outcome.text), &DeclaredOutcome::outcome) != outcomes.end())
      return failure(fmt::format("outcome '{}' is declared twice", outcome.text));
    outcomes.push_back({outcome.text, static_cast<Grade>(outcome.grade), text(outcome.reason)});
  }
  if (outcomes.empty()) return failure("a litmus scenario declares no outcome; .outcome(\"0,1\", grade, reason) does");
  return outcomes;
}

// Where actors can't race through states, nothing is to be seen.
void add_lanes_without_litmus(Expectation& expectation) {
  for (const auto& [lane, reason] :
       {std::pair(Lane::bench, "a litmus scenario is no timed loop"),
        std::pair(Lane::tsan, "actors race through fresh states in stress and explore only"),
        std::pair(Lane::asan, "actors race through fresh states in stress and explore only")})
    if (std::ranges::find(expectation.not_judged, lane, &NotJudged::lane) == expectation.not_judged.end())
      expectation.not_judged.push_back({lane, reason});
}

}  // namespace

Result<RunnableScenario> read_scenario(const chicane_scenario* theirs) {
  RunnableScenario runnable;
  const auto& table = runnable.table = read_table(theirs);
  const std::string id = text(table.id);
  const auto wrong = [&](Error error) {
    return std::unexpected(std::move(error).within(fmt::format("scenario '{}'", id)));
  };
  if (!valid_scenario_id(id)) return failure(fmt::format("scenario id '{}' is invalid: {}", id, scenario_id_rule));
  if (table.litmus != nullptr) {
    auto litmus = read_litmus(table.litmus);
    if (!litmus) return wrong(std::move(litmus.error()));
    auto outcomes = read_outcomes(litmus->table);
    if (!outcomes) return wrong(std::move(outcomes.error()));
    runnable.litmus = std::move(*litmus);
    runnable.scenario.outcomes = std::move(*outcomes);
  }
  if (auto memory = check_memory(table); !memory) return wrong(std::move(memory.error()));
  auto roles = table.litmus != nullptr ? actors_as_roles(runnable.litmus) : read_roles(table);
  if (!roles) return wrong(std::move(roles.error()));
  if (auto workers = check_workers(table, *roles); !workers) return wrong(std::move(workers.error()));
  auto axes = read_axes(table);
  if (!axes) return wrong(std::move(axes.error()));
  auto expectation = read_expectation(table);
  if (!expectation) return wrong(std::move(expectation.error()));

  if (table.litmus != nullptr) add_lanes_without_litmus(*expectation);

  auto& scenario = runnable.scenario;
  scenario.id = id;
  scenario.says = text(table.says);
  scenario.source = table.source_file == nullptr ? "" : fmt::format("{}:{}", table.source_file, table.source_line);
  scenario.expectation = std::move(*expectation);
  if (table.worker_kinds & CHICANE_THREADS) scenario.worker_kinds.push_back(WorkerKind::thread);
  if (table.worker_kinds & CHICANE_PROCESSES) scenario.worker_kinds.push_back(WorkerKind::process);
  scenario.min_workers = table.min_workers;
  scenario.exactly_workers = table.exactly;
  scenario.workers_multiple_of = table.multiple_of;
  scenario.also_workers.assign(table.also_workers, table.also_workers + table.also_worker_count);
  for (const auto& role : *roles) scenario.roles.push_back({role.name, role.exactly});
  runnable.roles = std::move(*roles);
  scenario.axes = std::move(*axes);
  for (std::size_t i = 0; i < table.tag_count; ++i) scenario.tags.push_back(text(table.tags[i]));
  scenario.operation = text(table.operation);
  scenario.items_per_operation = table.items_per_operation;
  scenario.bytes_per_operation = table.bytes_per_operation;
  scenario.time_limit_ns = table.time_limit_ns;
  scenario.latency = text(table.latency);
  scenario.by_hand = text(table.by_hand);
  scenario.scales_with = text(table.scales_with);
  if (const auto& with = scenario.scales_with;
      !with.empty() && with != "workers" && std::ranges::find(scenario.axes, with, &Axis::name) == scenario.axes.end())
    return wrong({fmt::format("it scales with '{}', which is none of its axes", with)});
  return runnable;
}

Result<std::vector<RunnableScenario>> read_scenarios(const chicane_plugin& table) {
  std::vector<RunnableScenario> scenarios;
  for (std::size_t i = 0; i < table.scenario_count; ++i) {
    auto scenario = read_scenario(table.scenarios[i]);
    if (!scenario) return std::unexpected(std::move(scenario.error()));
    for (const auto& other : scenarios)
      if (other.scenario.id == scenario->scenario.id)
        return failure(
            fmt::format("two scenarios have the id '{}' ({} and {}); ids are unique within one kind of build",
                        other.scenario.id, other.scenario.source, scenario->scenario.source));
    scenarios.push_back(std::move(*scenario));
  }
  if (scenarios.empty()) return failure("it declares no scenario; CHICANE_SCENARIO(\"family/name\", State) does");
  return scenarios;
}

}  // namespace chicane
