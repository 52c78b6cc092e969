#include "harness/runner/placement.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/syscall.h>

namespace chicane {

std::vector<int> allowed_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cpus;
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
      if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  return cpus;
}

Result<std::vector<std::vector<int>>> place_workers(Placement placement, std::vector<int> cpus, std::uint32_t workers,
                                                    const std::vector<int>& allowed) {
  for (const int cpu : cpus)
    if (std::ranges::find(allowed, cpu) == allowed.end())
      return failure(fmt::format("CPU {} is not one that this process may use ({})", cpu, fmt::join(allowed, ", ")));
  if (cpus.empty()) cpus = allowed;
  std::vector<std::vector<int>> places(workers);
  if (placement == Placement::free || cpus.empty()) return places;
  for (std::uint32_t i = 0; i < workers; ++i) {
    if (placement == Placement::same)
      places[i] = {cpus[0]};
    else if (workers == 1)
      places[i] = cpus;
    else
      places[i] = {cpus[i % cpus.size()]};
  }
  return places;
}

std::int64_t migrations() {
  char text[4096] = {};  // the line is within the first half
  const auto file = static_cast<int>(syscall(SYS_openat, AT_FDCWD, "/proc/thread-self/sched", O_RDONLY | O_CLOEXEC));
  if (file < 0) return -1;
  const auto size = syscall(SYS_read, file, text, sizeof text - 1);
  syscall(SYS_close, file);
  if (size <= 0) return -1;
  text[size] = '\0';
  const char* const label = std::strstr(text, "nr_migrations");
  const char* const value = label == nullptr ? nullptr : std::strchr(label, ':');
  return value == nullptr ? -1 : std::atoll(value + 1);
}

Pinned::Pinned(const std::vector<int>& cpus) {
  if (cpus.empty() || sched_getaffinity(0, sizeof before_, &before_) != 0) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : cpus) CPU_SET(static_cast<unsigned>(cpu), &set);
  pinned_ = sched_setaffinity(0, sizeof set, &set) == 0;
}

Pinned::~Pinned() {
  if (pinned_) sched_setaffinity(0, sizeof before_, &before_);
}

}  // namespace chicane
