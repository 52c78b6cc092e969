#include "harness/runner/plugin.h"

#include <algorithm>
#include <dlfcn.h>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/elf/elf.h"

namespace chicane {
namespace {

// "counter" of "out/plugins/libcounter.so"
std::string plugin_name(const std::string& file) {
  auto name = std::filesystem::path(file).stem().string();
  return name.starts_with("lib") ? name.substr(3) : name;
}

// "libz.so.1" may be allowed as "libz.so.1", "libz" or "z".
bool allowed(const std::string& library, const std::vector<std::string>& names) {
  const auto stem = library.substr(0, library.find(".so"));
  return std::ranges::any_of(
      names, [&](const std::string& name) { return name == library || name == stem || "lib" + name == stem; });
}

// All that can be known without running a line of the plugin's.
Result<PluginDescription> examine(const std::string& file, const ElfFacts& facts, Build runner,
                                  const std::vector<std::string>& allow) {
  const auto build = plugin_build(facts);
  if (!build) return std::unexpected(build.error());
  if (*build != runner)
    return failure(fmt::format("it is a {0} build, but this runner was built as {1}; build the plugin in the {1} tree",
                               name(*build), name(runner)));
  std::vector<std::string> blind;
  for (const auto& library : uninstrumented_libraries(file, *build))
    if (!allowed(library.name, allow)) blind.push_back(fmt::format("{} ({})", library.name, library.path));
  if (!blind.empty())
    return failure(
        fmt::format("it needs libraries that ThreadSanitizer can't see into: {}; false and missed races "
                    "follow. Use instrumented ones, or accept that with --allow-uninstrumented=NAME",
                    fmt::join(blind, ", ")));
  return PluginDescription{file, plugin_name(file), *build, facts.build_id, "", {}};
}

Result<chicane_plugin> load(const std::string& file) {
  std::error_code unresolved;
  const auto path = std::filesystem::canonical(file, unresolved);  // dlopen searches for names without a slash
  void* const library = unresolved ? nullptr : dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr)
    return failure(fmt::format("it can't be loaded: {}", unresolved ? unresolved.message() : dlerror()));
  void* const symbol = dlsym(library, CHICANE_PLUGIN_ENTRY);
  if (symbol == nullptr) return failure("it exports no " CHICANE_PLUGIN_ENTRY);
  const auto* const theirs = reinterpret_cast<chicane_plugin_entry_function>(symbol)();
  if (theirs == nullptr) return failure(CHICANE_PLUGIN_ENTRY " returned no table");
  return read_table(theirs);
}

}  // namespace

Build runner_build() { return static_cast<Build>(CHICANE_BUILD_KIND); }

Result<OpenPlugin> open_plugin(const std::string& file, Build runner,
                               const std::vector<std::string>& allow_uninstrumented) {
  const auto wrong = [&](Error error) { return std::unexpected(std::move(error).within(file)); };
  OpenPlugin plugin;
  const auto facts = read_elf(file);
  if (!facts) return std::unexpected(facts.error());  // names the file itself
  auto description = examine(file, *facts, runner, allow_uninstrumented);
  if (!description) return wrong(std::move(description.error()));
  plugin.description = std::move(*description);
  auto table = load(file);
  if (!table) return wrong(std::move(table.error()));
  if (table->compiler != nullptr) plugin.description.compiler = table->compiler;
  auto scenarios = read_scenarios(*table);
  if (!scenarios) return wrong(std::move(scenarios.error()));
  plugin.scenarios = std::move(*scenarios);
  for (const auto& runnable : plugin.scenarios) plugin.description.scenarios.push_back(runnable.scenario);
  return plugin;
}

}  // namespace chicane
