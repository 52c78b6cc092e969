#include "harness/supervisor/resource_watch.h"

#include <algorithm>
#include <functional>
#include <string>
#include <time.h>
#include <utility>
#include <vector>

#include <sys/stat.h>

#include "harness/supervisor/process_tree.h"

namespace chicane {
namespace {

constexpr std::chrono::milliseconds most_pause{500};
constexpr int pause_for_each_look =
    100;  // times what the look took of this thread's CPU: a busy host makes none longer

std::chrono::nanoseconds thread_cpu() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

std::uint64_t open_files(const std::string& process) {
  const auto folder = process + "/fd";
  struct stat facts{};
  if (stat(folder.c_str(), &facts) == 0 && facts.st_size > 0) return static_cast<std::uint64_t>(facts.st_size);
  return numbers_in(folder).size();  // Linux before 6.2 does not say
}

// Of several processes, with what they share counted once: each has its share of a page (the kernel's PSS). Forked
// workers share nearly all that they have. To read it takes long, so only a sum of resident sets that is too large is
// looked at so, the largest first and no further than `enough`: among a hundred that run, this thread has little time.
std::uint64_t memory_shared_once(std::vector<ProcessMemory> processes, std::uint64_t enough) {
  std::ranges::sort(processes, std::greater(), &ProcessMemory::resident_bytes);
  std::uint64_t bytes = 0;
  for (const auto& [pid, resident_bytes] : processes) {
    if (bytes > enough) break;
    const auto rollup = read_proc("/proc/" + std::to_string(pid) + "/smaps_rollup");
    bytes += rollup && !rollup->empty() ? number_after(*rollup, "\nPss:") * 1024 : resident_bytes;
  }
  return bytes;
}

}  // namespace

ResourceUse resource_use(pid_t root, bool with_root) {
  ProcessTree tree;
  ResourceUse use;
  auto left = with_root ? std::vector{root} : tree.children_of(root);
  while (!left.empty()) {
    const auto pid = left.back();
    left.pop_back();
    const auto process = "/proc/" + std::to_string(pid);
    const auto status = read_proc(process + "/status");
    if (!status || status->empty()) continue;  // it has ended
    const auto threads = number_after(*status, "\nThreads:");
    ++use.processes;
    use.threads += threads;
    use.memory.push_back({pid, number_after(*status, "\nVmRSS:") * 1024});
    use.memory_bytes += use.memory.back().resident_bytes;
    use.files += open_files(process);
    const auto children = tree.children_of(pid, threads);
    left.insert(left.end(), children.begin(), children.end());
  }
  return use;
}

std::optional<LimitHit> ResourceWatch::look(std::uint64_t output_bytes) {
  const auto beyond = [this](Resource resource, std::uint64_t reached) -> std::optional<LimitHit> {
    const auto limit = limits_.of(resource);
    if (limit == 0 || reached <= limit) return std::nullopt;
    return LimitHit{resource, limit, reached};
  };
  if (auto hit = beyond(Resource::output, output_bytes)) return hit;
  if (Clock::now() < next_ || !limits_.any()) return std::nullopt;
  const auto start = thread_cpu();
  auto use = resource_use(root_, with_root_);
  if (use.processes > 1 && beyond(Resource::memory, use.memory_bytes))
    use.memory_bytes = memory_shared_once(std::move(use.memory), limits_.of(Resource::memory));
  next_ =
      Clock::now() + std::clamp<Clock::duration>((thread_cpu() - start) * pause_for_each_look, least_pause, most_pause);
  if (auto hit = beyond(Resource::processes, use.processes)) return hit;
  if (auto hit = beyond(Resource::threads, use.threads)) return hit;
  if (auto hit = beyond(Resource::files, use.files)) return hit;
  return beyond(Resource::memory, use.memory_bytes);  // last: it is what too many of the others lead to
}

}  // namespace chicane
