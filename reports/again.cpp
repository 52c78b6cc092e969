// How to see a finding again.
#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "reports/reading.h"

namespace chicane::reports {
namespace {

// As one word for a shell.
std::string shell_word(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./,:=+@").contains(c);
  };
  if (!text.empty() && std::ranges::all_of(text, plain)) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// What of the run's own command decides what its trials were, besides scenario, lane, parameters and seed.
bool is_kept(std::string_view option, Lane lane) {
  constexpr std::array always{"--plugin", "--tree", "--allow-uninstrumented", "--slice", "--trial-timeout"};
  if (std::ranges::find(always, option) != always.end()) return true;
  return lane == Lane::bench ? option == "--rounds" : option == "--processes" || option == "--budget";
}

// An option's value is the next word, or follows a `=`.
std::string kept_options(const std::vector<std::string>& command, Lane lane) {
  std::string kept;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const std::string_view word = command[i];
    if (word == "--") break;
    const auto option = word.substr(0, word.find('='));
    if (option == "--quick") kept += " --quick";
    if (!is_kept(option, lane)) continue;
    if (option.size() < word.size())
      kept += fmt::format(" {} {}", option, shell_word(word.substr(option.size() + 1)));
    else if (i + 1 < command.size())
      kept += fmt::format(" {} {}", option, shell_word(command[++i]));
  }
  return kept;
}

}  // namespace

std::string Reading::command_for(const Occurrence& occurrence) const {
  // Of a merged run, that of the run whose host it was: no two share one.
  const auto* options = &run_.command;
  auto seed = run_.seed;
  if (occurrence.first_trial < run_.trials.size())
    for (const auto& origin : run_.merged_from)
      if (std::ranges::find(origin.hosts, run_.trials[occurrence.first_trial].host.str()) != origin.hosts.end())
        options = &origin.command, seed = origin.seed;
  auto command = fmt::format("chicane run {} --lanes {}", shell_word(occurrence.scenario_id), name(occurrence.lane));
  if (occurrence.first_trial < run_.trials.size()) {
    const auto& parameters = run_.trials[occurrence.first_trial].parameters;
    // Where the scenario fixes the number, it is not the command's to choose.
    if (occurrence.scenario == nullptr || occurrence.scenario->exactly_workers == 0)
      command += fmt::format(" --workers {}", parameters.workers);
    for (const auto& [axis, value] : parameters.args)
      command += fmt::format(" --arg {}", shell_word(fmt::format("{}={}", axis, value)));
  }
  return command + kept_options(*options, occurrence.lane) + fmt::format(" --seed {}", seed);
}

}  // namespace chicane::reports
