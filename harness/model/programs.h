// Programs as scenarios: the file in which they are declared, and the line by which each says how it went. Plain data
// and its JSON (docs/programs.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/error.h"
#include "harness/model/scenario.h"

namespace chicane {

// What must be there for programs to be run: a command that succeeds. The first line that it prints names the version.
struct ProgramNeeds {
  std::vector<std::string> command;
  std::string otherwise;  // what is missing, and what to do, in words
  bool operator==(const ProgramNeeds&) const = default;
};

struct ProgramsFile {  // "chicane.programs/1"
  std::optional<ProgramNeeds> needs;
  std::vector<Scenario> programs;  // each with its command, one worker, and the lanes that it is not judged in
};
// Errors name the program and the member; whatever the file may not hold is one.
Result<ProgramsFile> parse_programs_file(std::string_view text);

// The command with {folder} and {AXIS} replaced.
std::vector<std::string> program_command(const Scenario& scenario, const std::string& folder,
                                         const std::map<std::string, std::int64_t>& args);

// What a program prints as its last line.
struct ProgramResult {
  std::uint64_t operations = 0;
  std::int64_t region_ns = 0;            // what its operations took, by a clock of its own
  std::optional<std::int64_t> began_ns;  // when they began, by CLOCK_MONOTONIC
  bool right = false;
  std::string check;                       // what was wrong: the name of its check
  std::string why;                         // and in words
  std::map<std::string, double> counters;  // its own
  bool operator==(const ProgramResult&) const = default;
};
Result<ProgramResult> parse_program_result(std::string_view line);

}  // namespace chicane
