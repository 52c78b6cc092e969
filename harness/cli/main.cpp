// chicane: tells of concurrent code, on this host: is it right, how fast is it, how does it scale?
#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/cli/command.h"

int main(int argc, char** argv) {
  using namespace chicane;
  std::error_code error;
  Invocation invocation{{argv, argv + argc}, std::filesystem::read_symlink("/proc/self/exe", error).string(), {}};

  // A program's own arguments are none of ours.
  if (argc > 1 && std::string_view(argv[1]) == "explore")
    if (const auto rest = std::find(argv + 2, argv + argc, std::string_view("--")); rest != argv + argc) {
      invocation.program.assign(rest + 1, argv + argc);
      argc = static_cast<int>(rest - argv);
    }

  CLI::App app{"Chicane judges concurrent C++ on this host: is it right, how fast is it, how does it scale?",
               "chicane"};
  app.set_version_flag("--version", "chicane " CHICANE_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 all as declared; 1 a speed regression; 2 could not do what was asked; 3 inconclusive, or a\n"
      "required lane not judged; 4 a correctness verdict failed; 130 after Ctrl-C.");
  const std::array commands{
      std::pair{"list", add_list(app, invocation)},       std::pair{"run", add_run(app, invocation)},
      std::pair{"report", add_report(app, invocation)},   std::pair{"gate", add_gate(app, invocation)},
      std::pair{"explore", add_explore(app, invocation)}, std::pair{"replay", add_replay(app, invocation)},
      std::pair{"history", add_history(app, invocation)}};
  if (argc > 1 && argv[1][0] != '-' &&
      std::ranges::find(commands, argv[1], [](const auto& c) { return std::string(c.first); }) == commands.end()) {
    fmt::print(stderr, "chicane: unknown command '{}'; there are:", argv[1]);
    for (const auto& [name, action] : commands) fmt::print(stderr, " {}", name);
    fmt::print(stderr, "\nRun with --help for more information.\n");
    return exit_code::failed;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& parse_error) {
    return app.exit(parse_error) == 0 ? exit_code::as_declared : exit_code::failed;
  }
  for (const auto& [name, action] : commands) {
    if (!app.got_subcommand(name)) continue;
    const auto status = action();
    if (status) return *status;
    fmt::print(stderr, "chicane {}: {}\n", name, status.error().message);
    return exit_code::failed;
  }
  return exit_code::failed;
}
