// A plugin's file and the loader's cache, read as a user's disk may hold them: whole, damaged or made up.
#include "harness/elf/elf.h"

#include <cstring>
#include <string>
#include <unistd.h>

#include <sys/mman.h>

#include "harness/elf/library_search.h"
#include "tests/fuzz/require.h"

using namespace chicane;
using fuzz::require;

namespace {

std::size_t bytes_of(const std::vector<std::string>& names) {
  std::size_t sum = 0;
  for (const auto& name : names) sum += name.size();
  return sum;
}

// One file in memory for all inputs.
std::string file_of(const std::uint8_t* data, std::size_t size) {
  static const int file = memfd_create("plugin", MFD_CLOEXEC);
  require(file >= 0 && ftruncate(file, 0) == 0, "a file in memory");
  require(pwrite(file, data, size, 0) == static_cast<ssize_t>(size), "a file in memory");
  return "/proc/self/fd/" + std::to_string(file);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = file_of(data, size);
  const auto facts = read_elf(file);
  if (facts) {
    // Names may overlap in the file; what they take in memory must still be bounded by its size.
    require(facts->undefined.size() + facts->needed.size() + facts->chicane_notes.size() <= size,
            "no more than there is");
    require(bytes_of(facts->undefined) + bytes_of(facts->needed) + bytes_of(facts->rpath) + bytes_of(facts->runpath) <=
                16 * size + 65536,
            "names take no more than a multiple of the file");
    if (const auto build = plugin_build(*facts); !build)
      require(!build.error().message.empty(), "an error says something");
  } else {
    require(facts.error().message.starts_with(file), "an error names the file");
  }
  const auto text = fuzz::text_of(data, size);
  if (text.starts_with("glibc-ld.so.cache1.1")) {
    std::size_t bytes = 0;
    for (const auto& [name, path] : read_loader_cache(std::string(text))) bytes += name.size() + path.size();
    require(bytes <= 16 * size + 65536, "names take no more than a multiple of the cache");
  }
  return 0;
}
