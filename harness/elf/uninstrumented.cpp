#include <algorithm>
#include <array>
#include <deque>
#include <set>
#include <string_view>

#include "harness/elf/elf.h"
#include "harness/elf/library_search.h"

namespace chicane {
namespace {

// The C and C++ run-time and the sanitizers' own: TSan intercepts what matters of them.
bool is_run_time(std::string_view library) {
  constexpr std::array<std::string_view, 20> names{
      "libc.so",      "libm.so",    "libmvec.so",   "libpthread.so", "libdl.so",     "librt.so",    "libutil.so",
      "libresolv.so", "libanl.so",  "libstdc++.so", "libgcc_s.so",   "libatomic.so", "libc++.so",   "libc++abi.so",
      "libunwind.so", "libtsan.so", "libasan.so",   "libubsan.so",   "liblsan.so",   "libclang_rt."};
  if (library.starts_with("ld-linux") || library.starts_with("linux-vdso")) return true;
  return std::ranges::any_of(names, [&](std::string_view name) { return library.starts_with(name); });
}

}  // namespace

std::vector<Library> uninstrumented_libraries(const std::string& file, Build build) {
  std::vector<Library> found;
  if (build != Build::tsan && build != Build::explore) return found;
  auto facts = read_elf(file);
  if (!facts) return found;  // who loads the plugin has asked already, and said so
  const LibrarySearch search;
  std::deque<LibrarySearch::Loader> loaded{{file, std::move(*facts), {}}};
  std::set<std::string> seen;
  for (; !loaded.empty(); loaded.pop_front()) {
    for (const auto& needed : loaded.front().facts.needed) {
      if (!seen.insert(needed).second) continue;
      const auto base = needed.substr(needed.rfind('/') + 1);
      if (is_run_time(base)) continue;
      auto library = search.find(needed, loaded.front());
      if (library.path.empty()) continue;
      if (!library.facts.references("__tsan_init")) found.push_back({base, library.path});
      loaded.push_back(std::move(library));
    }
  }
  return found;
}

}  // namespace chicane
