#include "harness/supervisor/limits.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace chicane {
namespace {

constexpr std::uint64_t kib = 1024, mib = 1024 * kib, gib = 1024 * mib;

constexpr std::uint64_t least_memory = gib;
constexpr std::uint64_t most_output = 256 * mib;
// 10,000 threads are a scenario; a host has 32,768 process ids where nobody raised them.
constexpr std::uint64_t most_processes = 5'000;
constexpr std::uint64_t most_threads = 20'000;
constexpr std::uint64_t most_files = 100'000;

// Of this process's control group and of those around it; all of the host's where none has a limit.
std::uint64_t usable_memory() {
  const auto pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  std::uint64_t usable =
      pages > 0 && page > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page) : 0;
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    if (!line.starts_with("0::/")) continue;
    for (std::string group = line.substr(3);; group.resize(group.rfind('/'))) {
      std::ifstream file("/sys/fs/cgroup" + group + "/memory.max");
      if (std::uint64_t most = 0; file >> most) usable = usable == 0 ? most : std::min(usable, most);
      if (group.empty() || group == "/") break;
    }
  }
  return usable;
}

std::string amount(Resource resource, std::uint64_t value) {
  if (resource != Resource::memory && resource != Resource::output) return fmt::format("{}", value);
  for (const auto& [unit, size] : {std::pair{"GiB", gib}, {"MiB", mib}, {"KiB", kib}})
    if (value >= size) return fmt::format("{:.4g} {}", static_cast<double>(value) / static_cast<double>(size), unit);
  return fmt::format("{} bytes", value);
}

}  // namespace

std::string_view name(Resource resource) {
  switch (resource) {
    case Resource::memory: return "memory";
    case Resource::output: return "output";
    case Resource::processes: return "processes";
    case Resource::threads: return "threads";
    case Resource::files: break;
  }
  return "files";
}

std::uint64_t ResourceLimits::of(Resource resource) const {
  switch (resource) {
    case Resource::memory: return memory_bytes;
    case Resource::output: return output_bytes;
    case Resource::processes: return processes;
    case Resource::threads: return threads;
    case Resource::files: break;
  }
  return files;
}

ResourceLimits default_limits() {
  const auto usable = usable_memory();
  return {usable == 0 ? 0 : std::max(usable / 2 / mib * mib, least_memory), most_output, most_processes, most_threads,
          most_files};
}

std::string in_words(const LimitHit& hit) {
  const auto reached = amount(hit.resource, hit.reached), limit = amount(hit.resource, hit.limit);
  const auto said = [&]() -> std::string {
    switch (hit.resource) {
      case Resource::memory: return fmt::format("had {} of memory resident", reached);
      case Resource::output: return fmt::format("wrote {} to stdout and stderr", reached);
      case Resource::processes: return fmt::format("had {} processes at once", reached);
      case Resource::threads: return fmt::format("had {} threads at once", reached);
      case Resource::files: break;
    }
    return fmt::format("had {} file descriptors open at once", reached);
  }();
  return fmt::format("{}; its limit is {} (--limit-{})", said, limit, name(hit.resource));
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  if (text == "none") return 0;
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string_view unit = text.substr(static_cast<std::size_t>(rest - text.data()));
  constexpr std::array<std::pair<std::string_view, std::uint64_t>, 9> units{{{"", 1},
                                                                             {"B", 1},
                                                                             {"KiB", kib},
                                                                             {"MiB", mib},
                                                                             {"GiB", gib},
                                                                             {"TiB", 1024 * gib},
                                                                             {"kB", 1'000},
                                                                             {"MB", 1'000'000},
                                                                             {"GB", 1'000'000'000}}};
  const auto known = std::ranges::find(units, unit, &std::pair<std::string_view, std::uint64_t>::first);
  if (error != std::errc() || known == units.end() || !std::isfinite(value) || value <= 0) return std::nullopt;
  const double bytes = value * static_cast<double>(known->second);
  // Less than a byte would be none, which is spelled so.
  if (bytes < 1 || bytes >= 0x1p63) return std::nullopt;
  return static_cast<std::uint64_t>(bytes);
}

std::string bytes_text(std::uint64_t bytes) {
  if (bytes == 0) return "none";
  for (const auto& [unit, size] : {std::pair{"GiB", gib}, {"MiB", mib}, {"KiB", kib}})
    if (bytes % size == 0) return fmt::format("{}{}", bytes / size, unit);
  return fmt::format("{}", bytes);
}

}  // namespace chicane
