// NAME.schedule: what it takes to run one schedule again: its decisions, the switch points that were learned before it,
// what it was run on and with. Text that a person can read; docs/formats.md explains it. Pure functions.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/explore/explore.h"
#include "harness/model/error.h"

namespace chicane::explore {

struct CodePlace {           // an address that means the same in another process
  std::string module;        // base name of the library or executable
  std::uint64_t offset = 0;  // from where the module is loaded
  std::string says;          // function and line, for readers alone
  bool operator==(const CodePlace& other) const { return module == other.module && offset == other.offset; }
};

struct ScheduleFile {
  std::string found;  // the finding in one line, for readers
  std::string kind;   // and its kind and name: the replay shows the same or has diverged
  std::string name;
  std::string fingerprint;
  std::string scenario;              // either a scenario of a plugin …
  std::string plugin;                // file
  std::vector<std::string> program;  // … or a program and its arguments
  std::string build_id;              // of the plugin or program; empty: unknown
  std::uint32_t workers = 1;
  bool processes = false;  // declared as processes, and run as threads over one mapping
  std::map<std::string, std::int64_t> args;
  std::uint64_t turns = 0;  // of each worker
  std::uint64_t seed = 0;   // of the scenario's own random choices
  std::string strategy;     // who found it, for readers
  Options options;
  std::uint64_t steps = 0;     // of the whole schedule
  std::uint64_t switches = 0;  // that matter: entries that are not 0
  std::uint64_t trace = 0;     // digest of all steps (TraceDigest); 0: unknown
  std::vector<CodePlace> learned;
  Decisions decisions;
};

// Environment of a program: the schedule file that it runs by itself, as a debugger has started it.
inline constexpr const char* program_replay_variable = "CHICANE_REPLAY_HERE";

std::string to_text(const ScheduleFile& file);
// Errors name the line.
Result<ScheduleFile> parse_schedule(std::string_view text);

}  // namespace chicane::explore

template <>
struct chicane::Spelling<chicane::explore::MemoryModel> {
  static constexpr std::array<std::string_view, 2> names{"sc", "relaxed"};
};
template <>
struct chicane::Spelling<chicane::explore::SwitchPoints> {
  static constexpr std::array<std::string_view, 3> names{"sync", "shared", "all"};
};
template <>
struct chicane::Spelling<chicane::explore::Backend> {
  static constexpr std::array<std::string_view, 3> names{"automatic", "fiber", "futex"};
};
