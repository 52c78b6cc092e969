// chicane-runner: one process, one plugin, one trial. Started by the driver; what it says goes to the descriptor that
// CHICANE_RESULT_FD names (result_stream.h), stdout and stderr are the scenario's.
#include <chicane/plugin.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <signal.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <sys/prctl.h>

#include "harness/model/json.h"
#include "harness/runner/result_stream.h"
#include "harness/runner/trial.h"
#if CHICANE_BUILD_KIND == 3
#include "harness/runner/explore/explored.h"
#include "harness/runner/explore/replay_run.h"
#endif

namespace {

constexpr int exit_usage = 2;

int usage(const char* what, const std::string& which) {
  std::fprintf(stderr,
               "chicane-runner: %s%s\n"
               "usage: chicane-runner describe PLUGIN.so [--allow-uninstrumented=LIBRARY]…\n"
               "       chicane-runner trial REQUEST_JSON\n"
               "       chicane-runner replay FILE.schedule [--plugin=FILE] [--here]   (explore build)\n",
               what, which.c_str());
  return exit_usage;
}

// No trial outlives its driver.
bool tie_to_driver() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const char* const driver = std::getenv("CHICANE_DRIVER_PID");
  return driver == nullptr || getppid() == std::atoi(driver);  // else it ended before the line above
}

int describe(const std::vector<std::string>& arguments) {
  constexpr std::string_view allow = "--allow-uninstrumented=";
  std::optional<std::string> plugin;
  std::vector<std::string> allowed;
  for (const auto& argument : arguments) {
    if (argument.starts_with(allow))
      allowed.push_back(argument.substr(allow.size()));
    else if (argument.starts_with("-") || plugin)
      return usage("unknown argument: ", argument);
    else
      plugin = argument;
  }
  if (!plugin) return usage("no plugin given", "");
  chicane::ResultStream results(chicane::ResultStream::inherited());
  return chicane::describe(*plugin, allowed, results);
}

int trial(const std::vector<std::string>& arguments) {
  if (arguments.size() != 1) return usage("trial takes one argument, the request", "");
  const auto request = chicane::parse_trial_request(arguments[0]);
  if (!request) return usage("the request is not one: ", request.error().message);
  // Never destroyed: ThreadSanitizer tells of leaked threads when all else has ended.
  static auto& results = *new chicane::ResultStream(chicane::ResultStream::inherited());
  return chicane::run_trial(*request, results);
}

#if CHICANE_BUILD_KIND == 3
int replay(const std::vector<std::string>& arguments, char** argument_values) {
  constexpr std::string_view plugin_is = "--plugin=";
  std::string file, plugin;
  bool here = false;
  for (const auto& argument : arguments) {
    if (argument == "--here")
      here = true;
    else if (argument.starts_with(plugin_is))
      plugin = argument.substr(plugin_is.size());
    else if (file.empty())
      file = argument;
    else
      return usage("unknown argument: ", argument);
  }
  if (file.empty()) return usage("replay takes a schedule file", "");
  if (here) return chicane::explore::replay_here(file, plugin, argument_values);
  chicane::ResultStream results(chicane::ResultStream::inherited());
  return chicane::explore::replay_file(file, plugin, results);
}
#endif

}  // namespace

int main(int argument_count, char** argument_values) {
  if (!tie_to_driver()) return exit_usage;
  if (argument_count < 2) return usage("no command given", "");
  const std::string command = argument_values[1];
  const std::vector<std::string> arguments(argument_values + 2, argument_values + argument_count);
#if CHICANE_BUILD_KIND == 3
  // A schedule is a schedule of addresses too: code that hashes or compares them must find the same ones again.
  if (command != "describe") chicane::explore::fix_addresses(argument_values);
  if (command == "replay") return replay(arguments, argument_values);
#endif
  if (command == "describe") return describe(arguments);
  if (command == "trial") return trial(arguments);
  return usage("unknown command: ", command);
}
