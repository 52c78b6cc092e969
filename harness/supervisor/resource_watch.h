// Looks at what a trial's processes use, through /proc: all descendants of its keeper, whatever session or group they
// chose. Limits of the kernel would not do: an address space holds no sanitizer and no 10,000 stacks, and a number of
// processes does not bind root. What comes and goes between two looks is not seen. Not thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include <sys/types.h>

#include "harness/supervisor/limits.h"

namespace chicane {

struct ProcessMemory {
  pid_t pid = 0;
  std::uint64_t resident_bytes = 0;
};

struct ResourceUse {
  std::uint64_t memory_bytes = 0, processes = 0, threads = 0, files = 0;
  std::vector<ProcessMemory> memory;  // whose sum memory_bytes is
};

// Of the descendants of `root`, and of itself with `with_root`.
ResourceUse resource_use(pid_t root, bool with_root);

class ResourceWatch {
 public:
  using Clock = std::chrono::steady_clock;
  ResourceWatch(const ResourceLimits& limits, pid_t root, bool with_root)
      : limits_(limits), root_(root), with_root_(with_root), next_(Clock::now() + least_pause) {}

  // The first limit that is exceeded; of memory, what was counted until it was. Asks the kernel only when it is time
  // for it, so that looking costs a hundredth of one CPU (and twice a second where a look takes longer than 5 ms);
  // `output_bytes` is held against its limit every time.
  std::optional<LimitHit> look(std::uint64_t output_bytes);

 private:
  static constexpr std::chrono::milliseconds least_pause{50};  // between two looks

  ResourceLimits limits_;
  pid_t root_;
  bool with_root_;
  Clock::time_point next_;
};

}  // namespace chicane
