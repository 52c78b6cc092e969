#include <chicane/plugin.h>

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/elf/elf.h"

namespace chicane {
namespace {

std::string build_name(std::uint32_t build) {
  if (build < Spelling<Build>::names.size()) return std::string(Spelling<Build>::names[build]);
  return fmt::format("of unknown kind {}", build);
}

// "2 of 3 units are plain, 1 of 3 units are tsan"
template <typename Value, typename Words>
std::string shares(const ElfFacts& facts, Value NoteFact::* member, const Words& words) {
  std::map<Value, std::size_t> counts;
  for (const auto& note : facts.chicane_notes) ++counts[note.*member];
  std::vector<std::string> parts;
  for (const auto& [value, count] : counts)
    parts.push_back(fmt::format("{} of {} say {}", count, facts.chicane_notes.size(), words(value)));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::unexpected<Error> not_a_plugin(const std::string& why) { return failure("is no Chicane plugin: " + why); }

// The symbol that all code of a build refers to; empty: none.
std::string witness(Build build) {
  switch (build) {
    case Build::tsan:
    case Build::explore: return "__tsan_init";
    case Build::asan: return "__asan_init";
    case Build::plain: break;
  }
  return "";
}

Result<void> check_abi(std::uint32_t abi) {
  if (abi < CHICANE_ABI_VERSION)
    return failure(
        fmt::format("is too old: it was built for plugin ABI {}, this version of Chicane speaks {}; build it again "
                    "with this version's headers",
                    abi, CHICANE_ABI_VERSION));
  if (abi > CHICANE_ABI_VERSION)
    return failure(
        fmt::format("is too new: it was built for plugin ABI {}, this version of Chicane speaks {}; use a newer "
                    "Chicane, or build it again with this version's headers",
                    abi, CHICANE_ABI_VERSION));
  return {};
}

// What the code refers to must fit what its note says; else a lane would be silently blind, or the plugin not load.
Result<void> check_code(const ElfFacts& facts, Build build) {
  if (const auto symbol = witness(build); !symbol.empty() && !facts.references(symbol))
    return failure(
        fmt::format("says that it is a {0} build, but nothing in it refers to {1}: the {0} lane would see nothing in "
                    "it; compile and link it with that build's flags (-fsanitize=…), and keep its section headers",
                    name(build), symbol));
  for (const Build other : {Build::tsan, Build::asan}) {
    const auto symbol = witness(other);
    if (witness(build) == symbol || !facts.references(symbol)) continue;
    return failure(
        fmt::format("says that it is a {} build, but some of its code refers to {}: a part of it was compiled as a {} "
                    "build; compile all of it with the same flags",
                    name(build), symbol, name(other)));
  }
  return {};
}

}  // namespace

Result<Build> plugin_build(const ElfFacts& facts) {
  if (!facts.shared) return not_a_plugin("it is no shared library; link it with -shared");
  const auto& notes = facts.chicane_notes;
  if (notes.empty())
    return not_a_plugin(
        "it has no section .note.chicane; include <chicane/scenario.h> in the file that declares its scenarios");
  const auto [oldest, newest] = std::ranges::minmax_element(notes, {}, &NoteFact::abi_version);
  if (oldest->abi_version != newest->abi_version)
    return failure(fmt::format(
        "has parts that were built with different versions of Chicane: of its {} units {}; "
        "build all of them with one version's headers",
        notes.size(),
        shares(facts, &NoteFact::abi_version, [](std::uint32_t abi) { return fmt::format("ABI {}", abi); })));
  if (auto checked = check_abi(newest->abi_version); !checked) return std::unexpected(std::move(checked.error()));
  const auto [least, most] = std::ranges::minmax_element(notes, {}, &NoteFact::build);
  if (least->build != most->build)
    return failure(
        fmt::format("has parts that were built differently: of its {} units {}; compile all of them with "
                    "the same flags",
                    notes.size(), shares(facts, &NoteFact::build, build_name)));
  if (most->build >= Spelling<Build>::names.size())
    return failure(fmt::format("is {}, which this version of Chicane does not know", build_name(most->build)));
  if (!facts.exports_plugin_entry)
    return not_a_plugin("it exports no chicane_plugin_entry (was it hidden by a linker script?)");
  const auto build = static_cast<Build>(most->build);
  if (auto checked = check_code(facts, build); !checked) return std::unexpected(std::move(checked.error()));
  return build;
}

}  // namespace chicane
