#include "harness/runner/lanes/lanes.h"

#include <chicane/plugin.h>

namespace chicane {
namespace {

[[maybe_unused]] WorkerKind as_asked(WorkerKind kind) { return kind; }
// A sanitizer sees one process only.
[[maybe_unused]] WorkerKind as_threads(WorkerKind) { return WorkerKind::thread; }

constexpr RunnerLane lanes[] = {
#if CHICANE_BUILD_KIND == 0
    {Lane::bench, as_asked, run_bench},
    {Lane::stress, as_asked, run_stress},
#elif CHICANE_BUILD_KIND == 1
    {Lane::tsan, as_threads, run_tsan},
#elif CHICANE_BUILD_KIND == 2
    {Lane::asan, as_threads, run_asan},
#elif CHICANE_BUILD_KIND == 3
    {Lane::explore, as_threads, run_explore},
#else
    {},
#endif
};

}  // namespace

const RunnerLane* find_lane(Lane lane) {
  for (const auto& own : lanes)
    if (own.lane == lane && own.run != nullptr) return &own;
  return nullptr;
}

}  // namespace chicane
