#include "harness/supervisor/programs.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "harness/model/files.h"
#include "harness/model/mixing.h"
#include "harness/model/programs.h"
#include "harness/supervisor/process.h"

namespace chicane {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds longest_question{20};  // on a busy host an interpreter may take some

// The first line that the command prints, or why it does not say that all is there.
Result<std::string> ask(const ProgramNeeds& needs, const Tree& plain, const std::atomic<bool>& stop) {
  ProcessRequest request;
  // The command is looked for on the user's path, which only env(1) does; the keeper wants a file.
  request.command = {"/usr/bin/env"};
  request.command.insert(request.command.end(), needs.command.begin(), needs.command.end());
  request.keeper = keeper_beside(plain.runner);
  request.wall_limit = longest_question;
  const auto outcome = run_process(request, stop);
  if (!outcome) return std::unexpected(outcome.error());
  if (outcome->timed_out) return failure(fmt::format("asking for it took more than {} s", longest_question.count()));
  if (outcome->exit_code != 0) {
    auto said = outcome->stderr_tail;
    while (said.ends_with('\n')) said.pop_back();
    return failure(said.substr(said.rfind('\n') + 1));  // npos + 1 is 0; an interpreter's last line names the error
  }
  return outcome->stdout_tail.substr(0, outcome->stdout_tail.find('\n'));
}

// Of all that decides what is run, as far as it lies in the declaring file's folder.
std::string digest(const std::string& text, const std::vector<Scenario>& programs, const std::string& folder) {
  std::set<std::string> files;
  for (const auto& program : programs)
    for (const auto& argument : program_command(program, folder, {}))
      if (argument.starts_with(folder + "/")) files.insert(argument);
  Fnv1a hash;
  hash.add(text);
  for (const auto& file : files)
    if (const auto content = read_file(file)) hash.add(*content);
  return fmt::format("{:016x}", hash.value());
}

}  // namespace

Result<LoadedPlugin> load_programs(const std::string& given, const Tree& plain, const std::atomic<bool>& stop) {
  const auto file = fs::absolute(given).lexically_normal();
  const auto text = read_file(file.string());
  if (!text) return std::unexpected(text.error());
  auto declared = parse_programs_file(*text);
  if (!declared) return std::unexpected(std::move(declared.error()).within(file.string()));
  LoadedPlugin loaded;
  loaded.tree = plain;
  loaded.tree.flags.clear();  // those of the tree's own code
  auto& description = loaded.description;
  description.file = file.string();
  description.name = file.stem().string();
  description.build = Build::plain;
  description.build_id = digest(*text, declared->programs, file.parent_path().string());
  description.scenarios = std::move(declared->programs);
  for (auto& scenario : description.scenarios) scenario.source = file.filename().string();
  if (!declared->needs) return loaded;
  if (auto version = ask(*declared->needs, plain, stop))
    description.compiler = std::move(*version);
  else
    for (auto& scenario : description.scenarios)
      scenario.expectation.not_judged.push_back(
          {Lane::bench, version.error().message.empty()
                            ? declared->needs->otherwise
                            : fmt::format("{} ({})", declared->needs->otherwise, version.error().message)});
  return loaded;
}

}  // namespace chicane
