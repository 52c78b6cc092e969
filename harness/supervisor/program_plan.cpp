#include "harness/supervisor/program_plan.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/elf/elf.h"

namespace chicane {

std::string id_of_file(const std::string& family, const std::string& file) {
  std::string name = std::filesystem::path(file).filename().string();
  for (auto& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) c = '-';
  }
  name.erase(0, name.find_first_not_of('-'));
  constexpr std::size_t longest = 80;
  if (name.size() > longest) name.resize(longest);
  return family + "/" + (name.empty() ? std::string("unnamed") : name);
}

std::string program_id(const std::string& file) { return id_of_file("program", file); }

Result<Campaign> plan_program(const std::vector<Tree>& trees, const RunOptions& options) {
  auto command = options.explore.program;
  const auto tree = explore_tree(trees);
  if (!tree) return std::unexpected(tree.error());
  if (command.front().find('/') == std::string::npos) command.front() = "./" + command.front();
  std::error_code error;
  const auto file = std::filesystem::absolute(command.front(), error);
  if (error || !std::filesystem::is_regular_file(file, error))
    return failure(fmt::format("{}: there is no such program", options.explore.program.front()));
  command.front() = file.string();

  Campaign campaign;
  BuildFact build{"b0", file.filename().string(), Build::explore, "", "", ""};
  if (const auto facts = read_elf(command.front())) build.build_id = facts->build_id;
  campaign.builds.push_back(std::move(build));
  Scenario scenario;
  scenario.id = program_id(command.front());
  scenario.says = fmt::format("{}", fmt::join(options.explore.program, " "));
  scenario.worker_kinds = {WorkerKind::thread};
  scenario.exactly_workers = 1;
  scenario.roles = {{"main", 1}};
  campaign.scenarios.push_back(scenario);

  Plan plan;
  plan.id = "p0";
  plan.request.plugin = command.front();
  plan.request.scenario = scenario.id;
  plan.request.lane = Lane::explore;
  plan.request.parameters = {WorkerKind::thread, 1, {}};
  plan.request.budget_ns = static_cast<std::uint64_t>(options.slice.count());
  plan.request.explore = options.explore;
  plan.request.explore.program = command;
  plan.runner = tree->runner.string();
  plan.build = campaign.builds.front().id;
  plan.repetitions = std::max(options.searches, 1u);
  campaign.plans.push_back(std::move(plan));
  return campaign;
}

}  // namespace chicane
