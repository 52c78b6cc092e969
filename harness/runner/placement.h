// Which CPUs a worker may run on, and where it runs.
#pragma once

#include <cstdint>
#include <sched.h>
#include <vector>

#include "harness/model/error.h"
#include "harness/model/trial.h"

namespace chicane {

std::vector<int> allowed_cpus();  // of the calling thread

// The CPUs for each worker: free: none (no pinning); distinct: worker i on cpus[i % n]; same: all on cpus[0]. One
// worker alone drives threads of its own, which inherit its mask: `distinct` then leaves it all of `cpus`. Fails when a
// CPU is not one that this process may use.
Result<std::vector<std::vector<int>>> place_workers(Placement placement, std::vector<int> cpus, std::uint32_t workers,
                                                    const std::vector<int>& allowed);

// How often the kernel has moved the calling thread to another CPU; -1 where it does not tell (CONFIG_SCHED_DEBUG, no
// descriptor left). Unseen by sanitizers, which would take a descriptor's reuse for an order between threads.
std::int64_t migrations();

// Pins the calling thread for its lifetime; with no CPUs it does nothing. Restoring matters where a worker runs on the
// runner's main thread.
class Pinned {
 public:
  explicit Pinned(const std::vector<int>& cpus);
  ~Pinned();
  Pinned(const Pinned&) = delete;
  Pinned& operator=(const Pinned&) = delete;

 private:
  bool pinned_ = false;
  cpu_set_t before_{};
};

}  // namespace chicane
