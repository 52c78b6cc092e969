// The commands of `chicane`: each adds itself to the command line and is run when chosen. One file a command.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/model/error.h"

namespace chicane {

// Exit status of the tool; the order of precedence is harness/judge/judge.h's.
namespace exit_code {
inline constexpr int as_declared = 0;
inline constexpr int worse = 1;          // than its baseline, or than before
inline constexpr int failed = 2;         // the tool could not do what was asked
inline constexpr int inconclusive = 3;   // incomplete, or a required lane not judged
inline constexpr int wrong = 4;          // a correctness verdict failed
inline constexpr int interrupted = 130;  // Ctrl-C
}  // namespace exit_code

// A command's work: its exit status, or why it could not be done (printed, status 2).
using Action = std::function<Result<int>()>;

struct Invocation {
  std::vector<std::string> arguments;  // as called, for the run's record
  std::string executable;              // this program's own file
  std::vector<std::string> program;    // what stood after --
};

// Each registers a subcommand and its options, and returns what to do when it is the one.
Action add_list(CLI::App& app, const Invocation& invocation);
Action add_explore(CLI::App& app, const Invocation& invocation);
Action add_replay(CLI::App& app, const Invocation& invocation);
Action add_run(CLI::App& app, const Invocation& invocation);
Action add_report(CLI::App& app, const Invocation& invocation);
Action add_gate(CLI::App& app, const Invocation& invocation);
Action add_history(CLI::App& app, const Invocation& invocation);

}  // namespace chicane
